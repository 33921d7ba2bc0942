// Calls that share something by naming accounts: snapshots, images, documents, data shares. Only what is added counts.
import { areStrangers, forEach, type Judge, type Judges, strangersIn } from './judges.ts';
import { inside, plainText } from './request.ts';

const GRANTEES = ['userid', 'group', 'organizationarn', 'organizationalunitarn'];
const LISTS = [
  'useridset',
  'groupset',
  'userids',
  'groupnames',
  'usergroups',
  'organizationarns',
  'organizationalunitarns',
];

/** EC2: `{ add: { items: [{ userId } | { group: all } | { organizationArn }] } }`; older records name an operation instead. */
const addedTo =
  (permission: string): Judge =>
  ({ parameters }, company) => {
    const added = inside(parameters, permission, 'add', 'items');
    const named = GRANTEES.flatMap((name) => inside([...added], name));
    const operation = plainText(inside(parameters, 'operationtype')[0]).toLowerCase();
    const listed = LISTS.flatMap((name) => (operation === 'add' ? inside(parameters, name) : []));
    return areStrangers([...named, ...listed], company);
  };

/** "ModifySnapshotAttribute" and the like in the EC2 API reference, "Sharing a DB snapshot" in the RDS user guide. */
export const ACCOUNT_LISTS: Judges = {
  'ec2:ModifySnapshotAttribute': addedTo('createvolumepermission'),
  'ec2:ModifyImageAttribute': addedTo('launchpermission'),
  'ec2:ModifyFpgaImageAttribute': addedTo('loadpermission'),
  'ec2:ModifyVpcEndpointServicePermissions': strangersIn('addallowedprincipals'),
  'ec2:CreateNetworkInterfacePermission': strangersIn('awsaccountid'),
  ...forEach(
    'rds',
    ['ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute'],
    strangersIn('valuestoadd'),
  ),
  'redshift:AuthorizeSnapshotAccess': strangersIn('accountwithrestoreaccess'),
  'redshift:AuthorizeEndpointAccess': strangersIn('account'),
  'redshift:AuthorizeDataShare': strangersIn('consumeridentifier'),
  'es:AuthorizeVpcEndpointAccess': strangersIn('account'),
  'ssm:ModifyDocumentPermission': strangersIn('accountidstoadd'),
  ...forEach('ram', ['CreateResourceShare', 'AssociateResourceShare'], strangersIn('principals')),
  ...forEach('sqs', ['AddPermission'], strangersIn('awsaccountids', 'awsaccountid')),
  ...forEach('sns', ['AddPermission'], strangersIn('awsaccountids', 'awsaccountid')),
  'kms:CreateGrant': strangersIn('granteeprincipal'),
  'signer:AddProfilePermission': strangersIn('principal'),
  ...forEach(
    'lakeformation',
    ['GrantPermissions', 'BatchGrantPermissions'],
    strangersIn('datalakeprincipalidentifier'),
  ),
};
