// What Microsoft's local Teams client reads from its working directory: who it plays and who else there is.
import { stringify } from 'yaml';
import { chatIdOf, type Person } from '../people.ts';
import type { Channel } from './activities.ts';

export interface Cast {
  readonly tenantId: string;
  readonly appId: string;
  readonly me: Person;
  /** The client wants exactly five beside the one it plays. */
  readonly others: readonly Person[];
  readonly channel: Channel;
  readonly teamName: string;
  /** Entra group behind the team. */
  readonly teamGroupId: string;
}

const OTHERS = 5;

/** The text of `.m365agentsplayground.yml`, version 0.1.1. Throws when there are too few people. */
export function playgroundConfig(cast: Cast): string {
  if (cast.others.length < OTHERS) throw new Error(`the local Teams client needs ${OTHERS} more people`);
  return stringify({
    version: '0.1.1',
    tenantId: cast.tenantId,
    bot: { id: `28:${cast.appId}`, name: 'Countersign' },
    currentUser: userOf(cast.me),
    users: cast.others.slice(0, OTHERS).map(userOf),
    personalChat: { id: chatIdOf(cast.me, cast.appId) },
    groupChat: { id: '19:3d1f7c5e0b2a4c6d8e9f0a1b2c3d4e5f@thread.v2', name: 'Group chat' },
    team: {
      id: cast.channel.teamId,
      name: cast.teamName,
      aadGroupId: cast.teamGroupId,
      channels: [{ id: cast.channel.id, name: cast.channel.name }],
    },
  });
}

/** `userPrincipleName` is how the client spells it. */
const userOf = (person: Person) => ({
  id: person.teamsId,
  name: person.displayName,
  userPrincipleName: person.userPrincipalName,
  aadObjectId: person.id,
  givenName: person.givenName,
  surname: person.surname,
  email: person.mail,
});
