// By call: requests that open something to strangers, and requests that do not. Every call that the detector knows is here.
import { FOREIGN, OWN, policyOf, policyText, rootOf, SISTER, statement } from './calls.ts';

type Requests = readonly [opening: readonly unknown[], harmless: readonly unknown[]];

const everyone = statement();
const abroad = statement({ Principal: { AWS: rootOf(FOREIGN) } });
const athome = statement({ Principal: { AWS: [rootOf(OWN), SISTER] } });
const organisation = statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } } });

/** A policy document under this name: text, object, wrapped, public or foreign; and all that is not. */
const policyUnder = (name: string): Requests => [
  [
    { [name]: policyText(everyone) },
    { [name]: policyText(athome, abroad) },
    { [name]: policyOf(abroad) },
    { Request: { [name]: policyText(everyone) } },
    { [name]: 'unreadable' },
  ],
  [{ [name]: policyText(athome, organisation) }, { [name]: policyOf(athome) }, { [name]: '' }, {}, null],
];
const accountsUnder = (name: string): Requests => [
  [
    { [name]: [OWN, FOREIGN] },
    { [name]: FOREIGN },
    { Request: { [name]: { content: rootOf(FOREIGN), tag: 1 } } },
  ],
  [
    { [name]: [OWN, SISTER] },
    { [name]: [] },
    { [name]: 'arn:aws:organizations::444455556666:ou/o-1/ou-1' },
    {},
    null,
  ],
];
const everyoneToo = (word: string, name: string): Requests => {
  const [opening, harmless] = accountsUnder(name);
  return [[...opening, { [name]: [word] }], harmless];
};
const switchUnder = (name: string): Requests => [
  [{ [name]: true }, { [name]: 'true' }, { Request: { [name]: true } }],
  [{ [name]: false }, { [name]: 'false' }, {}, null],
];
const addTo = (permission: string): Requests => [
  [
    { [permission]: { add: { items: [{ group: 'all' }] } } },
    { [permission]: { add: { items: [{ userId: OWN }, { userId: FOREIGN }] } } },
    { [permission]: { add: { items: { userId: FOREIGN } }, remove: { items: [{ userId: OWN }] } } },
    { operationType: 'add', userIdSet: { items: [{ userId: FOREIGN }] } },
  ],
  [
    { [permission]: { remove: { items: [{ group: 'all' }, { userId: FOREIGN }] } } },
    { [permission]: { add: { items: [{ userId: SISTER }] } } },
    {
      [permission]: {
        add: { items: [{ organizationArn: `arn:aws:organizations::${FOREIGN}:organization/o-1` }] },
      },
    },
    { operationType: 'remove', userIdSet: { items: [{ userId: FOREIGN }] } },
    { attributeType: 'description', description: { value: 'all' } },
    null,
  ],
];
const ALWAYS: Requests = [[{}, null], []];
const cluster = (config: object) => ({ name: 'shop', resourcesVpcConfig: config });
const clusters: Requests = [
  [
    cluster({ endpointPublicAccess: true, publicAccessCidrs: ['192.0.2.0/24', '0.0.0.0/0'] }),
    cluster({ endpointPublicAccess: true }),
    cluster({ publicAccessCidrs: ['::/0'] }),
  ],
  [
    cluster({ endpointPublicAccess: true, publicAccessCidrs: ['192.0.2.0/24'] }),
    cluster({ endpointPublicAccess: false, publicAccessCidrs: ['0.0.0.0/0'] }),
    cluster({ endpointPrivateAccess: true }),
    { logging: {} },
    null,
  ],
];
const lambdaGrant: Requests = [
  [
    { principal: '*' },
    { principal: '*', functionUrlAuthType: 'NONE' },
    { principal: FOREIGN },
    { principal: rootOf(FOREIGN), sourceAccount: OWN },
    { principal: 's3.amazonaws.com', sourceAccount: FOREIGN },
    { principal: 'sns.amazonaws.com', sourceArn: `arn:aws:sns:eu-central-1:${FOREIGN}:orders` },
  ],
  [
    { principal: OWN },
    { principal: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::contoso-invoices' },
    { principal: '*', principalOrgID: 'o-contoso0001' },
    { principal: '*', organizationId: 'o-contoso0001' },
    { principal: '*', sourceAccount: OWN },
    null,
  ],
];
const network = (isPublic: boolean, type = 'network') => ({
  type,
  policy: JSON.stringify([{ Rules: [], AllowFromPublic: isPublic }]),
});
const networks: Requests = [[network(true)], [network(false), network(true, 'encryption'), null]];
const domain: Requests = [
  [...policyUnder('accessPolicies')[0]],
  [
    ...policyUnder('accessPolicies')[1],
    { accessPolicies: policyText(everyone), vPCOptions: { subnetIds: ['subnet-1'] } },
  ],
];
const patch = (op: string, path: string, value?: string) => ({
  restApiId: 'a1b2c3d4e5',
  patchOperations: [{ op, path, ...(value === undefined ? {} : { value }) }],
});

export const RESOURCE_REQUESTS: Readonly<Record<string, Requests>> = {
  '*:PutResourcePolicy': policyUnder('resourcePolicy'),
  'acm-pca:PutPolicy': policyUnder('policy'),
  'aoss:CreateSecurityPolicy': networks,
  'aoss:UpdateSecurityPolicy': networks,
  'apigateway:CreateRestApi': [
    [{ createRestApiInput: { name: 'shop', policy: policyText(everyone) } }],
    [
      {
        createRestApiInput: {
          name: 'shop',
          policy: policyText(everyone),
          endpointConfiguration: { types: ['PRIVATE'] },
        },
      },
      { createRestApiInput: { name: 'shop' } },
      null,
    ],
  ],
  'apigateway:UpdateRestApi': [
    [patch('replace', '/policy', policyText(abroad))],
    [
      patch('replace', '/policy', policyText(organisation)),
      patch('remove', '/policy'),
      patch('replace', '/name', 'x'),
      null,
    ],
  ],
  'backup:PutBackupVaultAccessPolicy': policyUnder('policy'),
  'codeartifact:PutDomainPermissionsPolicy': policyUnder('policyDocument'),
  'codeartifact:PutRepositoryPermissionsPolicy': policyUnder('policyDocument'),
  'codebuild:UpdateProjectVisibility': [
    [{ projectVisibility: 'PUBLIC_READ' }],
    [{ projectVisibility: 'PRIVATE' }, null],
  ],
  'dms:CreateReplicationInstance': switchUnder('publiclyAccessible'),
  'dynamodb:CreateTable': policyUnder('resourcePolicy'),
  'ec2:CreateNetworkInterfacePermission': accountsUnder('awsAccountId'),
  'ec2:DisableImageBlockPublicAccess': ALWAYS,
  'ec2:DisableSnapshotBlockPublicAccess': ALWAYS,
  'ec2:ModifyFpgaImageAttribute': addTo('loadPermission'),
  'ec2:ModifyImageAttribute': addTo('launchPermission'),
  'ec2:ModifySnapshotAttribute': addTo('createVolumePermission'),
  'ec2:ModifyVpcEndpointServicePermissions': [
    [
      { ModifyVpcEndpointServicePermissionsRequest: { AddAllowedPrincipals: { content: '*', tag: 1 } } },
      {
        ModifyVpcEndpointServicePermissionsRequest: { AddAllowedPrincipals: [{ content: rootOf(FOREIGN) }] },
      },
    ],
    [
      { ModifyVpcEndpointServicePermissionsRequest: { RemoveAllowedPrincipals: { content: '*' } } },
      { ModifyVpcEndpointServicePermissionsRequest: { AddAllowedPrincipals: { content: rootOf(SISTER) } } },
      null,
    ],
  ],
  'ecr-public:CreateRepository': ALWAYS,
  'ecr-public:SetRepositoryPolicy': policyUnder('policyText'),
  'ecr:PutRegistryPolicy': policyUnder('policyText'),
  'ecr:SetRepositoryPolicy': policyUnder('policyText'),
  'eks:CreateCluster': clusters,
  'eks:UpdateClusterConfig': clusters,
  'elasticfilesystem:PutFileSystemPolicy': policyUnder('policy'),
  'es:AuthorizeVpcEndpointAccess': accountsUnder('account'),
  'es:CreateDomain': domain,
  'es:CreateElasticsearchDomain': domain,
  'es:UpdateDomainConfig': domain,
  'es:UpdateElasticsearchDomainConfig': domain,
  'events:PutPermission': [
    [
      { principal: '*', action: 'events:PutEvents' },
      { principal: FOREIGN },
      { policy: policyText(everyone) },
      { principal: '*', condition: { type: 'StringEquals', key: 'aws:SourceRegion', value: 'eu-central-1' } },
    ],
    [
      { principal: OWN },
      {
        principal: '*',
        condition: { type: 'StringEquals', key: 'aws:PrincipalOrgID', value: 'o-contoso0001' },
      },
      { policy: policyText(organisation) },
      null,
    ],
  ],
  'glacier:SetVaultAccessPolicy': [
    [{ vaultName: 'archive', policy: { policy: policyText(everyone) } }],
    [{ vaultName: 'archive', policy: { policy: policyText(athome) } }, null],
  ],
  'iam:CreateRole': policyUnder('assumeRolePolicyDocument'),
  'iam:UpdateAssumeRolePolicy': policyUnder('policyDocument'),
  'kafka:PutClusterPolicy': policyUnder('policy'),
  'kafka:UpdateConnectivity': [
    [{ connectivityInfo: { publicAccess: { type: 'SERVICE_PROVIDED_EIPS' } } }],
    [{ connectivityInfo: { publicAccess: { type: 'DISABLED' } } }, null],
  ],
  'kms:CreateGrant': accountsUnder('granteePrincipal'),
  'kms:CreateKey': policyUnder('policy'),
  'kms:PutKeyPolicy': policyUnder('policy'),
  'kms:ReplicateKey': policyUnder('policy'),
  'lakeformation:BatchGrantPermissions': [
    [{ entries: [{ principal: { dataLakePrincipalIdentifier: FOREIGN } }] }],
    [{ entries: [{ principal: { dataLakePrincipalIdentifier: `arn:aws:iam::${OWN}:role/a` } }] }, null],
  ],
  'lakeformation:GrantPermissions': [
    [{ principal: { dataLakePrincipalIdentifier: `arn:aws:iam::${FOREIGN}:role/a` } }],
    [{ principal: { dataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' } }, null],
  ],
  'lambda:AddLayerVersionPermission': lambdaGrant,
  'lambda:AddPermission': lambdaGrant,
  'lambda:CreateFunctionUrlConfig': [[{ authType: 'NONE' }], [{ authType: 'AWS_IAM' }, null]],
  'lambda:UpdateFunctionUrlConfig': [[{ authType: 'NONE' }], [{ authType: 'AWS_IAM' }, null]],
  'lightsail:CreateRelationalDatabase': switchUnder('publiclyAccessible'),
  'lightsail:UpdateBucket': [
    [{ accessRules: { getObject: 'public' } }],
    [{ accessRules: { getObject: 'private' } }, null],
  ],
  'lightsail:UpdateRelationalDatabase': switchUnder('publiclyAccessible'),
  'logs:PutDeliveryDestinationPolicy': policyUnder('deliveryDestinationPolicy'),
  'logs:PutDestinationPolicy': policyUnder('accessPolicy'),
  'mediastore:PutContainerPolicy': policyUnder('policy'),
  'mq:CreateBroker': switchUnder('publiclyAccessible'),
  'neptune-graph:CreateGraph': switchUnder('publicConnectivity'),
  'neptune-graph:RestoreGraphFromSnapshot': switchUnder('publicConnectivity'),
  'neptune-graph:UpdateGraph': switchUnder('publicConnectivity'),
  'ram:AssociateResourceShare': accountsUnder('principals'),
  'ram:CreateResourceShare': accountsUnder('principals'),
  'rds:CreateDBCluster': switchUnder('publiclyAccessible'),
  'rds:CreateDBInstance': switchUnder('publiclyAccessible'),
  'rds:CreateDBInstanceReadReplica': switchUnder('publiclyAccessible'),
  'rds:ModifyDBCluster': switchUnder('publiclyAccessible'),
  'rds:ModifyDBClusterSnapshotAttribute': everyoneToo('all', 'valuesToAdd'),
  'rds:ModifyDBInstance': switchUnder('publiclyAccessible'),
  'rds:ModifyDBSnapshotAttribute': everyoneToo('all', 'valuesToAdd'),
  'rds:RestoreDBClusterFromSnapshot': switchUnder('publiclyAccessible'),
  'rds:RestoreDBClusterToPointInTime': switchUnder('publiclyAccessible'),
  'rds:RestoreDBInstanceFromDBSnapshot': switchUnder('publiclyAccessible'),
  'rds:RestoreDBInstanceFromS3': switchUnder('publiclyAccessible'),
  'rds:RestoreDBInstanceToPointInTime': switchUnder('publiclyAccessible'),
  'redshift-serverless:CreateWorkgroup': switchUnder('publiclyAccessible'),
  'redshift-serverless:UpdateWorkgroup': switchUnder('publiclyAccessible'),
  'redshift:AuthorizeDataShare': accountsUnder('consumerIdentifier'),
  'redshift:AuthorizeEndpointAccess': accountsUnder('account'),
  'redshift:AuthorizeSnapshotAccess': accountsUnder('accountWithRestoreAccess'),
  'redshift:CreateCluster': switchUnder('publiclyAccessible'),
  'redshift:ModifyCluster': switchUnder('publiclyAccessible'),
  'redshift:RestoreFromClusterSnapshot': switchUnder('publiclyAccessible'),
  'rekognition:PutProjectPolicy': policyUnder('policyDocument'),
  'route53resolver:PutFirewallRuleGroupPolicy': policyUnder('firewallRuleGroupPolicy'),
  'route53resolver:PutResolverQueryLogConfigPolicy': policyUnder('resolverQueryLogConfigPolicy'),
  'route53resolver:PutResolverRulePolicy': policyUnder('resolverRulePolicy'),
  's3tables:PutTableBucketPolicy': policyUnder('resourcePolicy'),
  's3tables:PutTablePolicy': policyUnder('resourcePolicy'),
  'sagemaker:PutModelPackageGroupPolicy': policyUnder('resourcePolicy'),
  'serverlessrepo:PutApplicationPolicy': [
    [
      { statements: [{ principals: ['*'] }] },
      { statements: [{ principals: [OWN] }, { principals: [FOREIGN] }] },
    ],
    [
      { statements: [{ principals: ['*'], principalOrgIDs: ['o-1'] }] },
      { statements: [{ principals: [OWN] }] },
      null,
    ],
  ],
  'ses:CreateEmailIdentityPolicy': policyUnder('policy'),
  'ses:PutIdentityPolicy': policyUnder('policy'),
  'ses:UpdateEmailIdentityPolicy': policyUnder('policy'),
  'signer:AddProfilePermission': accountsUnder('principal'),
  'sns:AddPermission': accountsUnder('aWSAccountId'),
  'sns:CreateTopic': [
    [{ name: 'orders', attributes: { Policy: policyText(everyone) } }],
    [{ name: 'orders', attributes: { Policy: policyText(organisation) } }, { name: 'orders' }, null],
  ],
  'sns:SetTopicAttributes': [
    [{ attributeName: 'Policy', attributeValue: policyText(everyone) }],
    [
      { attributeName: 'Policy', attributeValue: policyText(athome) },
      { attributeName: 'DisplayName', attributeValue: 'Orders' },
      { attributeName: 'DeliveryPolicy', attributeValue: '{"http":{}}' },
      null,
    ],
  ],
  'sqs:AddPermission': accountsUnder('aWSAccountIds'),
  'sqs:CreateQueue': [
    [{ attribute: { Policy: policyText(everyone) } }],
    [{ attribute: { Policy: policyText(athome) } }, { queueName: 'orders' }, null],
  ],
  'sqs:SetQueueAttributes': [
    [{ attributes: { Policy: policyText(everyone) } }],
    [{ attributes: { Policy: '' } }, { attributes: { VisibilityTimeout: '60' } }, null],
  ],
  'ssm:ModifyDocumentPermission': everyoneToo('All', 'accountIdsToAdd'),
  'ssm:UpdateServiceSetting': [
    [{ settingId: '/ssm/documents/console/public-sharing-permission', settingValue: 'Enable' }],
    [
      { settingId: '/ssm/documents/console/public-sharing-permission', settingValue: 'Disable' },
      { settingId: '/ssm/parameter-store/high-throughput-enabled', settingValue: 'Enable' },
      null,
    ],
  ],
};
