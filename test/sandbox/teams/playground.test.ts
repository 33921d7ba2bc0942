import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chatIdOf, PLAYED_MANAGER, TENANT_ID } from '../../../src/sandbox/people.ts';
import { openTeams, type SandboxTeams, SECURITY_CHANNEL } from '../../../src/sandbox/teams/index.ts';
import { openTeamsPage, type TeamsBrowser } from '../../helpers/browser.ts';
import { needChromium } from '../../helpers/chromium.ts';
import { askCard, createTeamsWorld, doneCard, type TeamsWorld } from '../../helpers/teams-channel.ts';

describe("Microsoft's local client in front of the sandbox's Teams", function () {
  this.timeout(120_000);
  let world: TeamsWorld;
  let teams: SandboxTeams;
  let directory: string;
  let browser: TeamsBrowser;
  let chromium: string;

  before(async function () {
    chromium = needChromium(this);
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-teams-'));
    world = await createTeamsWorld({
      openTeams: async ({ issuer, botPort }) => {
        teams = await openTeams({ directory, botPort, client: true, issuer });
        return teams.service;
      },
    });
  });
  after(async () => {
    await browser?.close();
    await teams?.close();
    await world?.close();
    if (directory) rmSync(directory, { recursive: true, force: true });
  });

  const chat = () => ({ id: chatIdOf(PLAYED_MANAGER), serviceUrl: teams.serviceUrl });
  const channel = () => ({ id: SECURITY_CHANNEL.id, serviceUrl: teams.serviceUrl });

  it('shows a card that came before the page was open, and tells the bot who opened it', async () => {
    await world.messenger.send(chat(), askCard('Before the page was open.'));

    browser = await openTeamsPage(teams.url, chromium);
    await browser.waitForCard('Before the page was open.');

    const first = world.chat.sightings[0];
    assert.equal(first?.id, PLAYED_MANAGER.id);
    assert.equal(first?.tenantId, TENANT_ID);
    assert.equal(first?.teamsId, PLAYED_MANAGER.teamsId);
    assert.deepEqual(first?.conversation, chat());
  });

  it('brings a click to the bot, puts the answer in place of the card, and shows a later edit', async () => {
    const { activityId } = await world.messenger.send(chat(), askCard('The bucket became public.'));
    world.chat.answer = () => ({ kind: 'card', card: doneCard('Working on it.') });

    await browser.waitForCard('The bucket became public.');
    await browser.type('Comment', 'Not ours.');
    await browser.press('Make the bucket private');
    await browser.waitForCard('Working on it.');
    await world.messenger.update(chat(), activityId, doneCard('The bucket is private.'));
    await browser.waitForCard('The bucket is private.');

    await browser.waitForGone('Working on it.');
    assert.deepEqual(world.chat.clicks[0]?.click, {
      verb: 'approve',
      caseRef: 'AB12CD34',
      questionId: 'q-1',
      offer: 'make-private',
      comment: 'Not ours.',
      activityId,
    });
    assert.equal(world.chat.clicks[0]?.actor.id, PLAYED_MANAGER.id);
    assert.equal(world.chat.clicks[0]?.actor.name, PLAYED_MANAGER.displayName);
  });

  it('brings a line to the bot and shows its reply', async () => {
    world.chat.answer = () => ({ kind: 'text', text: 'Two cases are open.' });

    await browser.say('cases');
    await browser.waitForCard('Two cases are open.');

    assert.deepEqual(
      world.chat.lines.map((line) => line.text),
      ['cases'],
    );
  });

  it('shows every card as it reads now after the page was reloaded, and a click still finds its card', async () => {
    await browser.page.reload();
    await browser.waitForCard('The bucket is private.');
    await browser.waitForCard('Before the page was open.');
    world.chat.answer = () => ({ kind: 'card', card: doneCard('Answered after all.') });

    await browser.press('Make the bucket private');
    await browser.waitForCard('Answered after all.');

    assert.equal(world.chat.clicks.length, 2);
  });

  it('shows a post in the security channel, takes a click there and edits it', async () => {
    const { activityId } = await world.messenger.send(channel(), askCard('Nobody else can answer.'));
    world.chat.answer = () => ({ kind: 'card', card: doneCard('Security has it.') });

    await browser.open(SECURITY_CHANNEL.name);
    await browser.waitForCard('Nobody else can answer.');
    await browser.press('Make the bucket private');
    await browser.waitForCard('Security has it.');
    await world.messenger.update(channel(), activityId, doneCard('Security is done.'));
    await browser.waitForCard('Security is done.');

    assert.equal(world.chat.clicks.at(-1)?.click.activityId, activityId);
    assert.equal(world.chat.sightings.at(-1)?.id, SECURITY_CHANNEL.id);
  });

  it('leaves a picture that is narrow enough for a page of documentation', async () => {
    const file = path.join(directory, 'narrow.png');

    await browser.screenshot(file);

    assert.equal(readFileSync(file).subarray(1, 4).toString(), 'PNG');
  });
});
