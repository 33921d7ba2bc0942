// The stand-ins as AWS's own SDK sees them: who may do what, and what a refusal looks like on the wire.
import assert from 'node:assert/strict';
import {
  DeleteRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  ListPoliciesCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { BOT_USER, OWNER, outcome, PARTNER, PARTNER_USER, REGION } from '../s3/world-fixture.ts';
import {
  ALEX_KEY,
  type IamGround,
  MANAGEMENT_ROLE_ARN,
  ROLE_ARN,
  sessionOf,
  startGround,
} from './iam-fixture.ts';

const DENY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});
type Keys = Awaited<ReturnType<typeof sessionOf>>;

describe('the stand-in IAM', () => {
  let ground: IamGround;
  let iam: IAMClient;
  const clientOf = (credentials: Keys | typeof BOT_USER, endpoint = ground.iam.iamUrl): IAMClient =>
    new IAMClient({ endpoint, region: REGION, maxAttempts: 1, credentials });
  const getAlex = new GetUserCommand({ UserName: 'alex' });
  beforeEach(async () => {
    ground = await startGround();
    iam = clientOf(await sessionOf(ground, ROLE_ARN));
  });
  afterEach(() => ground.close());

  it('answers whose keys are good, with an id of the request in header and body', async () => {
    const answer = await iam.send(getAlex);

    assert.equal(answer.User?.Arn, `arn:aws:iam::${OWNER.id}:user/people/alex`);
    assert.match(answer.$metadata.requestId ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(answer.$metadata.requestId, ground.iam.world.calls[0]?.requestId);
  });

  it('refuses strangers, forged signatures, stolen tokens and signatures for another service', async () => {
    const session = await sessionOf(ground, ROLE_ARN);
    const misled = clientOf(session, ground.iam.organizationsUrl);

    assert.deepEqual(
      [
        await outcome(clientOf({ ...BOT_USER, accessKeyId: 'NOBODYNOBODYNOBODY' }).send(getAlex)),
        await outcome(clientOf({ ...session, secretAccessKey: 'guess' }).send(getAlex)),
        await outcome(clientOf({ ...session, sessionToken: 'guess' }).send(getAlex)),
        (await fetch(ground.iam.iamUrl, { method: 'POST', body: 'Action=GetUser&UserName=alex' })).status,
      ],
      ['403 InvalidClientTokenId', '403 SignatureDoesNotMatch', '403 InvalidClientTokenId', 403],
    );
    await misled.send(getAlex).catch(() => {});
    assert.equal(ground.iam.world.calls.at(-1)?.caller, 'unknown');
    assert.equal(ground.iam.world.calls.at(-1)?.status, 400);
  });

  it('allows what the role allows, and refuses the rest in AWS’s words, changing nothing', async () => {
    const before = ground.iam.world.state();
    const base = clientOf(BOT_USER);
    const put = new PutUserPolicyCommand({ UserName: 'alex', PolicyName: 'deny', PolicyDocument: DENY });

    await assert.rejects(base.send(put), {
      name: 'AccessDenied',
      message: `User: ${BOT_USER.arn} is not authorized to perform: iam:PutUserPolicy on resource: user alex because no identity-based policy allows the iam:PutUserPolicy action`,
    });
    assert.deepEqual(ground.iam.world.state(), before);
  });

  it('shows each account its own people alone', async () => {
    assert.equal(
      await outcome(iam.send(new GetUserCommand({ UserName: 'pat' }))),
      '404 NoSuchEntityException',
    );
    const state = ground.iam.world.state();
    assert.equal(state.users.find(({ account }) => account === PARTNER.id)?.name, 'pat');
  });

  it('refuses documents, states and operations that IAM would refuse', async () => {
    const put = (PolicyDocument: string) =>
      outcome(iam.send(new PutUserPolicyCommand({ UserName: 'alex', PolicyName: 'p', PolicyDocument })));
    const withPrincipal = DENY.replace('"Effect"', '"Principal":"*","Effect"');

    assert.deepEqual(
      [
        await put('{'),
        await put(withPrincipal),
        await put('{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}'),
        await outcome(
          iam.send(
            new UpdateAccessKeyCommand({
              UserName: 'alex',
              AccessKeyId: ALEX_KEY,
              Status: 'Gone' as 'Active',
            }),
          ),
        ),
        await outcome(iam.send(new DeleteRolePolicyCommand({ RoleName: 'pipeline', PolicyName: 'p' }))),
        await outcome(iam.send(new ListUsersCommand({}))),
      ],
      [
        '400 MalformedPolicyDocumentException',
        '400 MalformedPolicyDocumentException',
        '400 MalformedPolicyDocumentException',
        '400 ValidationError',
        '404 NoSuchEntityException',
        '400 InvalidAction',
      ],
    );
  });

  it('takes up what an earlier one left behind', async () => {
    await iam.send(
      new UpdateAccessKeyCommand({ UserName: 'alex', AccessKeyId: ALEX_KEY, Status: 'Inactive' }),
    );
    const state = JSON.parse(JSON.stringify(ground.iam.world.state()));
    await ground.close();

    ground = await startGround({ state });

    assert.deepEqual(ground.iam.world.state(), state);
    assert.equal(state.users[0].keys[0].active, false);
  });
});

describe('the stand-in Organizations', () => {
  let ground: IamGround;
  let organizations: OrganizationsClient;
  const clientOf = (credentials: Keys | typeof BOT_USER): OrganizationsClient =>
    new OrganizationsClient({
      endpoint: ground.iam.organizationsUrl,
      region: REGION,
      maxAttempts: 1,
      credentials,
    });
  const list = new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' });
  const create = new CreatePolicyCommand({
    Name: 'deny',
    Description: '',
    Type: 'SERVICE_CONTROL_POLICY',
    Content: DENY,
  });
  beforeEach(async () => {
    ground = await startGround();
    organizations = clientOf(await sessionOf(ground, MANAGEMENT_ROLE_ARN));
  });
  afterEach(() => ground.close());

  it('listens to the management account alone', async () => {
    const member = clientOf(await sessionOf(ground, ROLE_ARN));

    assert.equal((await organizations.send(list)).Policies?.[0]?.Name, 'FullAWSAccess');
    await assert.rejects(member.send(list), {
      name: 'AccessDeniedException',
      message: "You don't have permissions to access this resource.",
    });
    assert.equal(await outcome(clientOf(PARTNER_USER).send(list)), '400 AccessDeniedException');
    assert.equal(
      await outcome(clientOf({ ...PARTNER_USER, accessKeyId: 'NOBODY' }).send(list)),
      '400 UnrecognizedClientException',
    );
  });

  it('keeps names, attachments and targets as AWS does', async () => {
    const id = (await organizations.send(create)).Policy?.PolicySummary?.Id ?? '';
    const on = (TargetId: string) => ({ PolicyId: id, TargetId });
    const attach = () => outcome(organizations.send(new AttachPolicyCommand(on(OWNER.id))));
    const detach = () => outcome(organizations.send(new DetachPolicyCommand(on(OWNER.id))));
    const remove = () => outcome(organizations.send(new DeletePolicyCommand({ PolicyId: id })));

    assert.deepEqual(
      [
        await outcome(organizations.send(create)),
        await outcome(organizations.send(new AttachPolicyCommand(on(PARTNER.id)))),
        await attach(),
        await attach(),
        await remove(),
        await detach(),
        await detach(),
        await remove(),
        await remove(),
        await outcome(organizations.send(new DescribePolicyCommand({ PolicyId: id }))),
        await outcome(organizations.send(new ListRootsCommand({}))),
      ],
      [
        '400 DuplicatePolicyException',
        '400 TargetNotFoundException',
        'ok',
        '400 DuplicatePolicyAttachmentException',
        '400 PolicyInUseException',
        'ok',
        '400 PolicyNotAttachedException',
        'ok',
        '400 PolicyNotFoundException',
        '400 PolicyNotFoundException',
        '400 InvalidAction',
      ],
    );
  });

  it('refuses text that is no policy', async () => {
    const broken = new CreatePolicyCommand({ ...create.input, Content: '{"Version":"2012-10-17"}' });

    assert.equal(await outcome(organizations.send(broken)), '400 MalformedPolicyDocumentException');
  });
});
