// Calls that put something on the internet by a switch: databases, clusters, function addresses; or that take off a guard
// against public sharing.
import { always, forEach, isSet, isSetOrDefault, type Judge, type Judges, textAt } from './judges.ts';
import { anywhere, type Call, inside, isTrue, plainText } from './request.ts';

const RDS_NEW = [
  'CreateDBInstance',
  'CreateDBInstanceReadReplica',
  'CreateDBCluster',
  'RestoreDBInstanceFromDBSnapshot',
  'RestoreDBInstanceFromS3',
  'RestoreDBInstanceToPointInTime',
  'RestoreDBClusterFromSnapshot',
  'RestoreDBClusterToPointInTime',
];
const WHOLE_INTERNET = new Set(['0.0.0.0/0', '::/0']);

/** The API server of a cluster. Without a list of ranges it answers everyone. */
const answersEveryone = (settings: Call['parameters']): boolean => {
  const config = inside(settings, 'resourcesvpcconfig');
  const isOpen = inside([...config], 'endpointpublicaccess').map(isTrue);
  const ranges = inside([...config], 'publicaccesscidrs').map(plainText);
  if (ranges.length === 0) return isOpen.includes(true);
  return !isOpen.includes(false) && ranges.some((range) => WHOLE_INTERNET.has(range));
};
const clusterEndpoint: Judge = ({ parameters }) => answersEveryone(parameters);
/** A new cluster is open unless told otherwise: AWS's answer says what it became. */
const newClusterEndpoint: Judge = ({ parameters, response }) =>
  answersEveryone(parameters) ||
  inside(response, 'cluster').some((each) => answersEveryone(each as Call['parameters']));

/** OpenSearch Serverless: a network policy is a list of rules, as text. */
const networkPolicy: Judge = (call) =>
  textAt(call, 'type').toLowerCase() === 'network' &&
  anywhere(call.parameters, 'policy').some((policy) =>
    typeof policy === 'string'
      ? /"AllowFromPublic"\s*:\s*true/i.test(policy)
      : anywhere(policy, 'allowfrompublic').some(isTrue),
  );

const documentsGuard: Judge = (call) =>
  /\/documents\/console\/public-sharing-permission$/.test(textAt(call, 'settingid')) &&
  textAt(call, 'settingvalue').toLowerCase() === 'enable';

export const OPEN_ENDPOINTS: Judges = {
  ...forEach('rds', RDS_NEW, isSetOrDefault('publiclyaccessible')),
  // What a change answers shows what was so before, too: only the request counts.
  ...forEach('rds', ['ModifyDBInstance', 'ModifyDBCluster'], isSet('publiclyaccessible')),
  ...forEach(
    'redshift',
    ['CreateCluster', 'RestoreFromClusterSnapshot'],
    isSetOrDefault('publiclyaccessible'),
  ),
  'redshift:ModifyCluster': isSet('publiclyaccessible'),
  'redshift-serverless:CreateWorkgroup': isSetOrDefault('publiclyaccessible'),
  'redshift-serverless:UpdateWorkgroup': isSet('publiclyaccessible'),
  'dms:CreateReplicationInstance': isSetOrDefault('publiclyaccessible'),
  'mq:CreateBroker': isSet('publiclyaccessible'),
  ...forEach(
    'neptune-graph',
    ['CreateGraph', 'UpdateGraph', 'RestoreGraphFromSnapshot'],
    isSet('publicconnectivity'),
  ),
  ...forEach(
    'lightsail',
    ['CreateRelationalDatabase', 'UpdateRelationalDatabase'],
    isSet('publiclyaccessible'),
  ),
  ...forEach('lightsail', ['UpdateBucket'], isSet('getobject', 'public')),
  'kafka:UpdateConnectivity': ({ parameters }) =>
    inside(parameters, 'connectivityinfo', 'publicaccess', 'type').includes('SERVICE_PROVIDED_EIPS'),
  'eks:CreateCluster': newClusterEndpoint,
  'eks:UpdateClusterConfig': clusterEndpoint,
  ...forEach('aoss', ['CreateSecurityPolicy', 'UpdateSecurityPolicy'], networkPolicy),
  ...forEach('lambda', ['CreateFunctionUrlConfig', 'UpdateFunctionUrlConfig'], isSet('authtype', 'none')),
  'codebuild:UpdateProjectVisibility': isSet('projectvisibility', 'public_read'),
  // A repository there is public by its nature.
  'ecr-public:CreateRepository': always,
  'ec2:DisableSnapshotBlockPublicAccess': always,
  'ec2:DisableImageBlockPublicAccess': always,
  'ssm:UpdateServiceSetting': documentsGuard,
};
