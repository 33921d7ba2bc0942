// Calls that write a resource policy: the same document everywhere, under a different name in every service.
import { forEach, type Judge, type Judges, policyIn, textAt } from './judges.ts';
import { opensToStrangers, sharesBucket } from './policy-document.ts';
import { anywhere, inside } from './request.ts';

/** SNS sets one attribute at a time: only `Policy` holds a document. */
const topicPolicy: Judge = (call, company) =>
  textAt(call, 'attributename').toLowerCase() === 'policy' &&
  opensToStrangers(inside(call.parameters, 'attributevalue')[0], company);

/** A domain in a VPC is reached through the VPC alone: AWS's own template for it lets everyone there in. */
const domainPolicy: Judge = (call, company) =>
  inside(call.parameters, 'vpcoptions', 'subnetids').length === 0 &&
  policyIn('accesspolicies')(call, company);

/** A private API answers inside VPCs only. */
const apiPolicy: Judge = (call, company) => {
  const types = inside(call.parameters, 'createrestapiinput', 'endpointconfiguration', 'types');
  if (types.includes('PRIVATE')) return false;
  return policyIn('policy')(call, company);
};

const apiPatch: Judge = ({ parameters }, company) =>
  inside(parameters, 'patchoperations').some(
    (patch) =>
      inside(patch, 'op')[0] !== 'remove' &&
      inside(patch, 'path')[0] === '/policy' &&
      opensToStrangers(inside(patch, 'value')[0], company),
  );

const bucketPolicy: Judge = ({ parameters }, company) =>
  inside(parameters, 'bucketpolicy').some((document) => sharesBucket(document, company));
const accessPointPolicy: Judge = ({ parameters }, company) =>
  anywhere(parameters, 'policy').some((document) => sharesBucket(document, company));

const DOMAIN_CALLS = [
  'CreateElasticsearchDomain',
  'UpdateElasticsearchDomainConfig',
  'CreateDomain',
  'UpdateDomainConfig',
];

/** Names of parameters: each service's API reference, in lower case. */
export const RESOURCE_POLICIES: Judges = {
  // Secrets Manager, Glue, CloudWatch Logs, DynamoDB, Kinesis, CloudTrail Lake, CodeBuild, Systems Manager, EventBridge schemas, ...
  '*:PutResourcePolicy': policyIn('policy', 'resourcepolicy', 'policydocument', 'policyinjson'),
  ...forEach('sqs', ['CreateQueue', 'SetQueueAttributes'], policyIn('policy')),
  'sns:CreateTopic': policyIn('policy'),
  'sns:SetTopicAttributes': topicPolicy,
  ...forEach('kms', ['CreateKey', 'PutKeyPolicy', 'ReplicateKey'], policyIn('policy')),
  ...forEach('ecr', ['SetRepositoryPolicy', 'PutRegistryPolicy'], policyIn('policytext')),
  'ecr-public:SetRepositoryPolicy': policyIn('policytext'),
  'glacier:SetVaultAccessPolicy': policyIn('policy'),
  'backup:PutBackupVaultAccessPolicy': policyIn('policy'),
  'elasticfilesystem:PutFileSystemPolicy': policyIn('policy'),
  ...forEach('es', DOMAIN_CALLS, domainPolicy),
  's3:PutBucketPolicy': bucketPolicy,
  's3express:PutBucketPolicy': bucketPolicy,
  ...forEach(
    's3',
    ['PutAccessPointPolicy', 'PutAccessPointPolicyForObjectLambda', 'PutMultiRegionAccessPointPolicy'],
    accessPointPolicy,
  ),
  'iam:CreateRole': policyIn('assumerolepolicydocument'),
  'iam:UpdateAssumeRolePolicy': policyIn('policydocument'),
  'logs:PutDestinationPolicy': policyIn('accesspolicy'),
  'logs:PutDeliveryDestinationPolicy': policyIn('deliverydestinationpolicy'),
  'dynamodb:CreateTable': policyIn('resourcepolicy'),
  ...forEach('s3tables', ['PutTableBucketPolicy', 'PutTablePolicy'], policyIn('resourcepolicy')),
  ...forEach(
    'codeartifact',
    ['PutDomainPermissionsPolicy', 'PutRepositoryPermissionsPolicy'],
    policyIn('policydocument'),
  ),
  'kafka:PutClusterPolicy': policyIn('policy'),
  'apigateway:CreateRestApi': apiPolicy,
  'apigateway:UpdateRestApi': apiPatch,
  ...forEach(
    'ses',
    ['PutIdentityPolicy', 'CreateEmailIdentityPolicy', 'UpdateEmailIdentityPolicy'],
    policyIn('policy'),
  ),
  'acm-pca:PutPolicy': policyIn('policy'),
  'sagemaker:PutModelPackageGroupPolicy': policyIn('resourcepolicy'),
  'rekognition:PutProjectPolicy': policyIn('policydocument'),
  'mediastore:PutContainerPolicy': policyIn('policy'),
  'route53resolver:PutFirewallRuleGroupPolicy': policyIn('firewallrulegrouppolicy'),
  'route53resolver:PutResolverRulePolicy': policyIn('resolverrulepolicy'),
  'route53resolver:PutResolverQueryLogConfigPolicy': policyIn('resolverquerylogconfigpolicy'),
};
