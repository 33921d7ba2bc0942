// The made-up security team's channel in Teams. Fixed ids, as for the people.
import type { Channel } from './activities.ts';

export const SECURITY_CHANNEL: Channel = {
  id: '19:5f2c9a7be41d4c0f8a63d1e7b9024c58@thread.tacv2',
  name: 'Countersign',
  teamId: '19:c81e0b6d3f5a47e2912db4a6f70358ce@thread.tacv2',
};
export const SECURITY_TEAM_NAME = 'Security';
/** Entra group behind the team. */
export const SECURITY_TEAM_GROUP_ID = '4b7d2e90-1c5f-4a38-b6e1-90d3f82a7c14';
