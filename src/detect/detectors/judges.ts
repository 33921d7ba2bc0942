// What the tables of calls are made of: a call's name to a judge of its request.
import type { Json } from '../../case/json.ts';
import { opensToStrangers } from './policy-document.ts';
import { anywhere, type Call, inside, isTrue, plainText, textsIn } from './request.ts';
import { type Company, isStranger } from './strangers.ts';

/** Whether this call opens something to strangers. Judges what was asked for, refused or not. */
export type Judge = (call: Call, company: Company) => boolean;

/** By `service:EventName`; `*:EventName` for a name that means the same everywhere. Service: the first word of eventSource. */
export type Judges = Readonly<Record<string, Judge>>;

/** A parameter, however deep it lies, holds a policy document. */
export const policyIn =
  (...names: readonly string[]): Judge =>
  ({ parameters }, company) =>
    anywhere(parameters, ...names).some((document) => opensToStrangers(document, company));

/** A parameter, however deep it lies, lists accounts, ARNs or words for everyone. */
export const strangersIn =
  (...names: readonly string[]): Judge =>
  ({ parameters }, company) =>
    areStrangers(anywhere(parameters, ...names), company);

/** A parameter is true, or is one of these texts. */
export const isSet =
  (name: string, ...values: readonly string[]): Judge =>
  ({ parameters }) =>
    anywhere(parameters, name).some((value) =>
      values.length === 0 ? isTrue(value) : values.includes(plainText(value).toLowerCase()),
    );

/** For calls that create: where nothing was asked, what AWS answered shows the default. */
export const isSetOrDefault =
  (name: string): Judge =>
  ({ parameters, response }) => {
    const asked = anywhere(parameters, name);
    return (asked.length > 0 ? asked : anywhere(response, name)).some(isTrue);
  };

export const either =
  (...judges: readonly Judge[]): Judge =>
  (call, company) =>
    judges.some((judge) => judge(call, company));

/** The call itself is the matter. */
export const always: Judge = () => true;

export const areStrangers = (values: readonly Json[], company: Company): boolean =>
  textsIn(values).some((text) => isStranger(text, company));

/** The first text of a parameter at the top of the request; empty when there is none. */
export const textAt = (call: Call, name: string): string => plainText(inside(call.parameters, name)[0]);

/** One judge for several calls of a service. */
export const forEach = (service: string, names: readonly string[], judge: Judge): Judges =>
  Object.fromEntries(names.map((name) => [`${service}:${name}`, judge]));
