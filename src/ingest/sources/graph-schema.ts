// The fields of an alerts_v2 alert that are used, and nothing else: what is not named here passes as it came.
// Source: "alert resource type (microsoft.graph.security)". Enum values are plain texts: Microsoft adds new ones at any time.
import { z } from 'zod';
import { normaliseInstant } from './instant.ts';

const text = z.string().nullish();
const texts = z.array(z.string().nullable()).nullish();
const instant = z
  .string()
  .refine((value) => normaliseInstant(value) !== null, 'not an ISO 8601 date and time');

const userAccount = z
  .looseObject({ azureAdUserId: text, userPrincipalName: text, displayName: text, accountName: text })
  .nullish();

export const evidenceSchema = z.looseObject({
  '@odata.type': text,
  roles: texts,
  detailedRoles: texts,
  userAccount,
  /** mailboxEvidence */
  upn: text,
  /** mailboxEvidence, cloudApplicationEvidence */
  displayName: text,
  /** ipEvidence */
  ipAddress: text,
  countryLetterCode: text,
  /** fileEvidence */
  fileDetails: z.looseObject({ fileName: text }).nullish(),
  /** deviceEvidence */
  deviceDnsName: text,
  /** oauthApplicationEvidence: a GUID. In cloudApplicationEvidence it is a number of Defender for Cloud Apps' own. */
  appId: z.union([z.string(), z.number()]).nullish(),
  /** securityGroupEvidence */
  securityGroupId: text,
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const graphAlertSchema = z.looseObject({
  // PostgreSQL's index rows are bounded, and Microsoft's ids are about 40 characters.
  id: z.string().min(1).max(256),
  tenantId: text,
  title: text,
  description: text,
  category: text,
  severity: text,
  status: text,
  serviceSource: text,
  createdDateTime: instant.nullish(),
  firstActivityDateTime: instant.nullish(),
  lastActivityDateTime: instant.nullish(),
  lastUpdateDateTime: instant,
  evidence: z.array(evidenceSchema).nullish(),
});
export type GraphAlert = z.infer<typeof graphAlertSchema>;
