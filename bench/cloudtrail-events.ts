// CloudTrail records as a busy account writes them, made up and the same in every run: mostly reads and role changes by services
// and roles, a few per cent of changes that policies look at. About 1.2 kB each.

/** A small generator of random numbers from 0 to 1 (mulberry32): benches must see the same events in every run. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ACCOUNT = '123456789012';
const HEX = '0123456789abcdef';
const REGIONS = ['eu-central-1', 'eu-central-1', 'eu-west-1', 'us-east-1'];
const ROLES = [
  'Deploy',
  'Monitoring',
  'BackupRunner',
  'EksNode',
  'DataPipeline',
  'ReadOnly',
  'PowerUser',
  'CiBuild',
];
const PEOPLE = ['alex.weber', 'sam.okafor', 'yuki.tanaka', 'dana.novak', 'robin.diaz', 'kim.larsen'];
const SERVICES = ['ec2', 'lambda', 'ecs-tasks', 'config', 'autoscaling', 'rds', 'eks', 'ssm'];
const AGENTS = [
  'aws-sdk-go/1.44.298 (go1.20.12; linux; amd64)',
  'Boto3/1.34.51 md/Botocore#1.34.51 ua/2.0 os/linux#5.10.210-201.852.amzn2.x86_64 md/arch#x86_64 lang/python#3.11.6 cfg/retry-mode#legacy Botocore/1.34.51',
  'aws-sdk-java/2.21.29 Linux/5.10.199-190.747.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.9+9-LTS Java/17.0.9 kotlin/1.9.10 vendor/Amazon.com_Inc. exec-env/AWS_ECS_FARGATE io/sync http/Apache cfg/retry-mode/legacy',
  'APN/1.0 HashiCorp/1.0 Terraform/1.6.6 (+https://www.terraform.io) terraform-provider-aws/5.31.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.24.0 os/linux lang/go#1.20.12 md/GOOS#linux md/GOARCH#amd64',
  'aws-cli/2.15.10 Python/3.11.6 Windows/10 exe/AMD64 prompt/off command/ec2.describe-instances',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
];

/** Share in a thousand, service, call, who calls it. */
type Caller = 'service' | 'role' | 'through' | 'person';
type Call = readonly [share: number, service: string, name: string, caller: Caller, readOnly: boolean];
const reads = (
  share: number,
  service: string,
  names: readonly string[],
  caller: Caller = 'role',
): readonly Call[] => names.map((name) => [share / names.length, service, name, caller, true]);
const writes = (
  share: number,
  service: string,
  names: readonly string[],
  caller: Caller = 'role',
): readonly Call[] => names.map((name) => [share / names.length, service, name, caller, false]);

const CALLS: readonly Call[] = [
  ...reads(190, 'sts', ['AssumeRole'], 'service'),
  ...reads(70, 'sts', ['AssumeRole', 'GetCallerIdentity', 'AssumeRoleWithWebIdentity']),
  ...reads(210, 'ec2', [
    'DescribeInstances',
    'DescribeInstanceStatus',
    'DescribeTags',
    'DescribeVolumes',
    'DescribeNetworkInterfaces',
    'DescribeSecurityGroups',
    'DescribeSubnets',
    'DescribeSnapshots',
    'DescribeRegions',
    'DescribeLaunchTemplateVersions',
  ]),
  ...reads(120, 'kms', ['Decrypt', 'GenerateDataKey', 'DescribeKey'], 'through'),
  ...reads(80, 's3', [
    'GetBucketAcl',
    'GetBucketLocation',
    'ListBuckets',
    'GetBucketVersioning',
    'GetBucketPolicy',
  ]),
  ...reads(70, 'ssm', ['GetParameter', 'DescribeParameters', 'DescribeInstanceInformation']),
  ...writes(40, 'ssm', ['UpdateInstanceInformation']),
  ...writes(40, 'logs', ['CreateLogStream']),
  ...reads(25, 'logs', ['DescribeLogGroups', 'DescribeLogStreams']),
  ...reads(40, 'iam', ['GetRole', 'ListAttachedRolePolicies', 'GetPolicyVersion', 'ListRoles', 'GetUser']),
  ...reads(30, 'monitoring', ['DescribeAlarms', 'GetMetricData']),
  ...reads(25, 'ecr', ['GetAuthorizationToken', 'BatchGetImage', 'DescribeRepositories']),
  ...reads(25, 'lambda', ['ListFunctions20150331', 'GetFunction20150331v2', 'GetPolicy20150331v2']),
  ...reads(20, 'elasticloadbalancing', ['DescribeLoadBalancers', 'DescribeTargetHealth']),
  ...reads(20, 'rds', ['DescribeDBInstances', 'DescribeDBClusters', 'ListTagsForResource']),
  ...reads(15, 'dynamodb', ['DescribeTable', 'ListTables']),
  ...reads(12, 'secretsmanager', ['GetSecretValue']),
  ...reads(12, 'eks', ['DescribeCluster', 'ListClusters']),
  ...writes(10, 'config', ['PutEvaluations'], 'service'),
  ...writes(6, 'ec2', ['CreateTags', 'CreateNetworkInterface'], 'through'),
  ...writes(8, 'ec2', ['RunInstances', 'TerminateInstances', 'StopInstances'], 'through'),
  ...writes(
    5,
    'ec2',
    ['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress', 'CreateRoute'],
    'person',
  ),
  ...writes(4, 's3', ['PutBucketPolicy', 'PutBucketAcl', 'CreateBucket', 'DeleteBucket'], 'person'),
  ...writes(4, 'iam', ['AttachRolePolicy', 'PutRolePolicy', 'CreatePolicyVersion'], 'person'),
  ...writes(1, 'cloudtrail', ['UpdateTrail', 'StopLogging'], 'person'),
  ...writes(3, 'signin', ['ConsoleLogin'], 'person'),
];

export type EventMaker = () => object;

export function createEventMaker(seed: number): EventMaker {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <One>(from: readonly One[]): One => from[below(from.length)] as One;
  const hex = (length: number): string => Array.from({ length }, () => HEX[below(16)]).join('');
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const total = CALLS.reduce((sum, [share]) => sum + share, 0);
  let at = Date.UTC(2026, 0, 12, 8);

  function call(): Call {
    let left = random() * total;
    const found = CALLS.find(([share]) => {
      left -= share;
      return left < 0;
    });
    return found ?? pick(CALLS);
  }

  function identity(caller: Caller): object {
    if (caller === 'service') return { type: 'AWSService', invokedBy: `${pick(SERVICES)}.amazonaws.com` };
    if (caller === 'person' && random() < 0.3) {
      const userName = pick(PEOPLE);
      return {
        type: 'IAMUser',
        principalId: `AIDA${hex(16).toUpperCase()}`,
        arn: `arn:aws:iam::${ACCOUNT}:user/${userName}`,
        accountId: ACCOUNT,
        accessKeyId: `ASIA${hex(16).toUpperCase()}`,
        userName,
      };
    }
    const role = pick(ROLES);
    const id = `AROA${role.toUpperCase().padEnd(16, 'X').slice(0, 16)}`;
    const session =
      caller === 'person' ? `${pick(PEOPLE)}@contoso.example` : below(3) ? `i-0${hex(16)}` : role;
    return {
      type: 'AssumedRole',
      principalId: `${id}:${session}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
      accountId: ACCOUNT,
      accessKeyId: `ASIA${hex(16).toUpperCase()}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: id,
          arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
          accountId: ACCOUNT,
          userName: role,
        },
        webIdFederationData: {},
        attributes: { creationDate: new Date(at - 1_800_000).toISOString(), mfaAuthenticated: 'false' },
      },
      ...(caller === 'through' && { invokedBy: 'autoscaling.amazonaws.com' }),
    };
  }

  function request(service: string, name: string, readOnly: boolean): object | null {
    if (name === 'AssumeRole') {
      const role = pick(ROLES);
      return {
        roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        roleSessionName: `${role}-${hex(12)}`,
        externalId: uuid(),
        durationSeconds: 3_600,
      };
    }
    if (service === 's3')
      return { bucketName: `contoso-${pick(PEOPLE)}-${below(90)}`, Host: 's3.amazonaws.com', acl: '' };
    if (service === 'kms') {
      const bucket = `arn:aws:s3:::contoso-logs-${below(40)}`;
      return {
        encryptionContext: { 'aws:s3:arn': bucket, context: hex(40) },
        encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      };
    }
    if (service !== 'ec2')
      return { name: `/contoso/${pick(ROLES)}/${hex(8)}`, withDecryption: below(2) === 1, maxResults: 50 };
    const items = Array.from({ length: 1 + below(4) }, () => ({ instanceId: `i-0${hex(16)}` }));
    const filterSet = {
      items: [{ name: 'tag:Environment', valueSet: { items: [{ value: 'production' }, { value: hex(6) }] } }],
    };
    return readOnly ? { maxResults: 1_000, instancesSet: { items }, filterSet } : { instancesSet: { items } };
  }

  function response(service: string, name: string, readOnly: boolean): object | null {
    if (name === 'ConsoleLogin') return { ConsoleLogin: random() < 0.9 ? 'Success' : 'Failure' };
    if (name === 'AssumeRole')
      return {
        credentials: {
          accessKeyId: `ASIA${hex(16).toUpperCase()}`,
          sessionToken: hex(200),
          expiration: 'Jan 12, 2026, 9:00:00 AM',
        },
        assumedRoleUser: {
          assumedRoleId: `AROA${hex(16).toUpperCase()}:session`,
          arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${pick(ROLES)}/session`,
        },
      };
    if (readOnly) return null;
    const states = {
      currentState: { code: 32, name: 'shutting-down' },
      previousState: { code: 16, name: 'running' },
    };
    const items = Array.from({ length: 1 + below(5) }, () => ({ instanceId: `i-0${hex(16)}`, ...states }));
    return service === 'ec2' ? { requestId: uuid(), instancesSet: { items } } : { requestId: uuid() };
  }

  return () => {
    const [, service, name, caller, readOnly] = call();
    const role = `arn:aws:iam::${ACCOUNT}:role/${pick(ROLES)}`;
    const refused = random() < 0.03;
    at += below(400);
    return {
      eventVersion: '1.08',
      userIdentity: identity(caller),
      eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
      eventSource: `${service}.amazonaws.com`,
      eventName: name,
      awsRegion: pick(REGIONS),
      sourceIPAddress: caller === 'service' ? 'ec2.amazonaws.com' : `192.0.2.${below(250)}`,
      userAgent: caller === 'service' ? 'ec2.amazonaws.com' : pick(AGENTS),
      ...(refused && {
        errorCode: 'AccessDenied',
        errorMessage: `User: ${role} is not authorized to perform: ${service}:${name} because no identity-based policy allows it`,
      }),
      requestParameters: request(service, name, readOnly),
      responseElements: refused ? null : response(service, name, readOnly),
      ...(name === 'ConsoleLogin' && {
        additionalEventData: {
          LoginTo: 'https://console.aws.amazon.com/',
          MobileVersion: 'No',
          MFAUsed: 'Yes',
        },
      }),
      requestID: uuid(),
      eventID: uuid(),
      readOnly,
      ...(random() < 0.4 && { resources: [{ accountId: ACCOUNT, type: 'AWS::IAM::Role', ARN: role }] }),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: 'Management',
      ...(caller !== 'service' && {
        tlsDetails: {
          tlsVersion: 'TLSv1.3',
          cipherSuite: 'TLS_AES_128_GCM_SHA256',
          clientProvidedHostHeader: `${service}.eu-central-1.amazonaws.com`,
        },
      }),
    };
  };
}
