// Which request parameters name the resource that a call is about, and what people call it. A table: no code per service.
import type { ResourceNoun } from '../../case/resource-nouns.ts';

export interface Kind {
  /** Stands before the name: "security group sg-0123". */
  readonly word: ResourceNoun;
  /** What names the kind in an event's name: then the call is about it. */
  readonly nouns: readonly string[];
  /** Only said where nothing else is known: where the thing lies, not what it is. */
  readonly isBackground: boolean;
}

/** Word, parameter names (with the service where the name alone says too little), nouns where they are not the word. */
type Row = readonly [word: ResourceNoun, parameters: string, nouns?: string];

const ABOUT: readonly Row[] = [
  ['security group', 'ec2:groupId securityGroupId ec2:groupName', 'securitygroup'],
  ['instance', 'instanceId'],
  ['snapshot', 'snapshotId'],
  ['volume', 'volumeId'],
  ['network ACL', 'networkAclId'],
  ['transit gateway route table', 'transitGatewayRouteTableId', 'transitgatewayroute transitgatewayprefix'],
  ['transit gateway policy table', 'transitGatewayPolicyTableId'],
  ['transit gateway connect peer', 'transitGatewayConnectPeerId'],
  [
    'transit gateway attachment',
    'transitGatewayAttachmentId',
    'transitgatewayattachment transitgatewayvpc transitgatewaypeering transitgatewayclient transitgatewayconnect',
  ],
  ['transit gateway', 'transitGatewayId'],
  ['route table', 'routeTableId', 'route'],
  ['egress-only internet gateway', 'egressOnlyInternetGatewayId', 'egressonlyinternetgateway'],
  ['internet gateway', 'internetGatewayId'],
  ['carrier gateway', 'carrierGatewayId'],
  ['NAT gateway', 'natGatewayId'],
  ['customer gateway', 'customerGatewayId'],
  ['VPN gateway', 'vpnGatewayId ec2:gatewayId', 'vpngateway vgw'],
  ['VPN connection', 'vpnConnectionId', 'vpnconnection vpntunnel'],
  ['VPN concentrator', 'vpnConcentratorId'],
  ['client VPN endpoint', 'clientVpnEndpointId', 'clientvpn'],
  ['endpoint service', 'ec2:serviceId', 'vpcendpointservice'],
  ['VPC endpoint', 'vpcEndpointId'],
  ['VPC peering connection', 'vpcPeeringConnectionId'],
  ['network interface', 'networkInterfaceId'],
  ['address', 'allocationId'],
  ['flow log', 'flowLogId'],
  ['spot request', 'spotInstanceRequestId', 'spotinstance'],
  ['spot fleet', 'spotFleetRequestId'],
  ['fleet', 'fleetId'],
  [
    'user',
    'userName',
    'user accesskey loginprofile mfadevice signingcertificate sshpublickey servicespecificcredential',
  ],
  ['role', 'iam:roleName sts:roleArn'],
  ['group', 'iam:groupName identitystore:groupId sso-directory:groupId'],
  ['instance profile', 'instanceProfileName'],
  ['permission set', 'permissionSetArn', 'permissionset accountassignment'],
  ['policy', 'policyArn iam:policyName managedPolicyArn policyId'],
  ['identity provider', 'samlProviderArn openIDConnectProviderArn', 'samlprovider openidconnectprovider'],
  ['database', 'dBInstanceIdentifier', 'dbinstance'],
  ['database cluster', 'dBClusterIdentifier', 'dbcluster'],
  ['database snapshot', 'dBSnapshotIdentifier targetDBSnapshotIdentifier', 'dbsnapshot'],
  [
    'database cluster snapshot',
    'dBClusterSnapshotIdentifier targetDBClusterSnapshotIdentifier',
    'dbclustersnapshot',
  ],
  ['database', 'relationalDatabaseName', 'relationaldatabase'],
  ['cluster', 'clusterIdentifier clusterArn clusterName'],
  ['snapshot', 'snapshotIdentifier snapshotName'],
  ['data share', 'dataShareArn'],
  ['workgroup', 'workgroupName'],
  ['table', 'dynamodb:tableName tableARN'],
  ['bucket', 'bucketName tableBucketARN'],
  ['queue', 'queueUrl queueName'],
  ['topic', 'topicArn'],
  ['function', 'functionName'],
  ['layer', 'layerName'],
  ['key', 'kms:keyId'],
  ['secret', 'secretId'],
  ['repository', 'repositoryName codeartifact:repository'],
  ['file system', 'fileSystemId'],
  ['recovery point', 'recoveryPointArn'],
  ['backup', 'backupArn backupId'],
  ['vault', 'vaultName backupVaultName'],
  ['domain', 'domainName codeartifact:domain'],
  ['project', 'projectArn projectName'],
  ['document', 'documentName'],
  ['resource share', 'resourceShareArn'],
  ['destination', 'logs:destinationName'],
  ['event bus', 'eventBusName'],
  ['container', 'mediastore:containerName'],
  ['broker', 'brokerId brokerName'],
  ['graph', 'graphIdentifier graphName'],
  ['API', 'restApiId', 'restapi'],
  ['application', 'applicationId'],
  ['replication instance', 'replicationInstanceIdentifier replicationInstanceArn'],
  ['model package group', 'modelPackageGroupName'],
  ['identity', 'ses:emailIdentity ses:identity'],
  ['profile', 'signer:profileName'],
  ['trail', 'trailName', 'trail logging selectors'],
  ['event data store', 'eventDataStore'],
  ['channel', 'cloudtrail:channel'],
];

const BACKGROUND: readonly Row[] = [
  ['image', 'imageId'],
  ['VPC', 'vpcId'],
  ['subnet', 'subnetId'],
  ['role', 'roleArn roleName'],
];

const spelled = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

const KINDS: ReadonlyMap<string, Kind> = new Map(
  [...ABOUT, ...BACKGROUND].flatMap(([word, parameters, nouns], index) => {
    const kind: Kind = {
      word,
      nouns: nouns ? nouns.split(' ') : [spelled(word)],
      isBackground: index >= ABOUT.length,
    };
    return parameters.split(' ').map((name) => [name.toLowerCase(), kind] as const);
  }),
);

/** `service` without its domain. Lists name the same in the plural: `instanceIds`. */
export function kindOf(service: string, parameter: string): Kind | null {
  const name = parameter.toLowerCase();
  const single = name.replace(/s$/, '');
  const known = [`${service}:${name}`, name, `${service}:${single}`, single].find((key) => KINDS.has(key));
  return (known && KINDS.get(known)) || null;
}

/** Whether a parameter's value is a name, of whatever it may be. */
export const isNaming = (service: string, parameter: string): boolean =>
  kindOf(service, parameter) !== null ||
  (/(?:arn|identifier|id|name|eventDataStore)s?$/i.test(parameter) && !/^user(?:id|name)/i.test(parameter));

/** Where in the event's name (spelled small, without its version) the kind stands; the longest noun counts. */
export function placeIn(event: string, kind: Kind): { readonly at: number; readonly length: number } | null {
  const found = kind.nouns
    .map((noun) => ({ at: event.indexOf(noun), length: noun.length }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.length - a.length);
  return found[0] ?? null;
}
