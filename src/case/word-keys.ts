// Every message there is, by its key: the file in words/en and the name in it. A key that is missing does not compile.
import type askWords from '../../words/en/ask.json';
import type awsWords from '../../words/en/aws.json';
import type cardsWords from '../../words/en/cards.json';
import type caseWords from '../../words/en/case.json';
import type chaseWords from '../../words/en/chase.json';
import type commandsWords from '../../words/en/commands.json';
import type decideWords from '../../words/en/decide.json';
import type digestWords from '../../words/en/digest.json';
import type errorsWords from '../../words/en/errors.json';
import type governWords from '../../words/en/govern.json';
import type ingestWords from '../../words/en/ingest.json';
import type nounsWords from '../../words/en/nouns.json';
import type policiesWords from '../../words/en/policies.json';
import type routeWords from '../../words/en/route.json';
import type s3Words from '../../words/en/s3.json';
import type signInWords from '../../words/en/sign-in.json';
import type usersWords from '../../words/en/users.json';

type Keys<Area extends string, Words> = `${Area}.${Extract<keyof Words, string>}`;

export type WordKey =
  | Keys<'case', typeof caseWords>
  | Keys<'route', typeof routeWords>
  | Keys<'ask', typeof askWords>
  | Keys<'chase', typeof chaseWords>
  | Keys<'digest', typeof digestWords>
  | Keys<'decide', typeof decideWords>
  | Keys<'commands', typeof commandsWords>
  | Keys<'govern', typeof governWords>
  | Keys<'users', typeof usersWords>
  | Keys<'aws', typeof awsWords>
  | Keys<'s3', typeof s3Words>
  | Keys<'errors', typeof errorsWords>
  | Keys<'cards', typeof cardsWords>
  | Keys<'nouns', typeof nounsWords>
  | Keys<'policies', typeof policiesWords>
  | Keys<'ingest', typeof ingestWords>
  | Keys<'sign-in', typeof signInWords>;
