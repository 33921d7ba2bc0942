// Contoso's made-up people and programs in AWS, and the account that runs its organisation. Nothing here is real.

import type { IamSeed, Organisation } from './iam/state.ts';
import { people } from './people.ts';
import { SAMPLE_ACCOUNT, SAMPLE_REGION } from './samples/cloudtrail-samples.ts';

/** Holds nothing but the organisation. */
export const MANAGEMENT_ACCOUNT = '111122223333';
export const ORGANISATION: Organisation = {
  id: 'o-contoso00',
  management: MANAGEMENT_ACCOUNT,
  members: [SAMPLE_ACCOUNT],
};

export const COUNTERSIGN_ROLE = `arn:aws:iam::${SAMPLE_ACCOUNT}:role/Countersign`;
export const MANAGEMENT_ROLE = `arn:aws:iam::${MANAGEMENT_ACCOUNT}:role/CountersignPolicies`;
export const BASE_USER = `arn:aws:iam::${SAMPLE_ACCOUNT}:user/countersign-base`;
export const ALEX_USER = `arn:aws:iam::${SAMPLE_ACCOUNT}:user/alex`;
export const PIPELINE_ROLE = `arn:aws:iam::${SAMPLE_ACCOUNT}:role/DataPipeline`;

/** Alex's keys: one works, the other was turned off long ago. */
export const ALEX_KEY = 'AKIAALEXEXAMPLE00001';
const ALEX_OLD_KEY = 'AKIAALEXEXAMPLE00002';

const role = (name: string, path = '/') => ({ account: SAMPLE_ACCOUNT, name, path });
const ofIdentityCenter = (permissionSet: string) =>
  role(
    `AWSReservedSSO_${permissionSet}_0123456789abcdef`,
    `/aws-reserved/sso.amazonaws.com/${SAMPLE_REGION}/`,
  );

export const IDENTITIES: IamSeed = {
  users: [
    {
      account: SAMPLE_ACCOUNT,
      name: 'alex',
      keys: [
        { id: ALEX_KEY, active: true },
        { id: ALEX_OLD_KEY, active: false },
      ],
    },
    { account: SAMPLE_ACCOUNT, name: 'countersign-base' },
    { account: SAMPLE_ACCOUNT, name: 'owner' },
  ],
  roles: [
    role('Countersign'),
    role('DataPipeline'),
    role('Deploy'),
    ofIdentityCenter('Developer'),
    ofIdentityCenter('DataEngineer'),
    role('AWSServiceRoleForAmazonGuardDuty', '/aws-service-role/guardduty.amazonaws.com/'),
  ],
};

/** Whose IAM users they are, as the operator's settings say it. */
export const IAM_USERS: Readonly<Record<string, string>> = { [ALEX_USER]: people.alex.userPrincipalName };
