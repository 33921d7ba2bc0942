import assert from 'node:assert/strict';
import { ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { PUBLIC_CLOUD } from '../../../src/adapters/teams/clouds.ts';
import { createBotCredential, createCredentialsFactory } from '../../../src/adapters/teams/credentials.ts';

const APP_ID = '3b81893d-d1de-42fa-9230-862c60973552';
const TENANT_ID = '897ed093-922c-43ec-845e-aaef5db1de67';

describe("the bot's own credentials", () => {
  it('are its secret for a single-tenant bot, and its managed identity for the other kind', () => {
    const common = { appId: APP_ID, tenantId: TENANT_ID };
    const secret = createBotCredential(
      { ...common, appType: 'SingleTenant', appPassword: 'made-up' },
      PUBLIC_CLOUD.loginHost,
    );
    const managed = createBotCredential({ ...common, appType: 'UserAssignedMSI' }, PUBLIC_CLOUD.loginHost);

    assert.ok(secret instanceof ClientSecretCredential);
    assert.ok(managed instanceof ManagedIdentityCredential);
  });

  it('never switch authentication off, not even for an empty app id', async () => {
    const factory = createCredentialsFactory('', PUBLIC_CLOUD.oauthScope, { getToken: async () => null });

    assert.equal(await factory.isAuthenticationDisabled(), false);
  });

  it('are valid for the one app id', async () => {
    const factory = createCredentialsFactory(APP_ID, PUBLIC_CLOUD.oauthScope, { getToken: async () => null });

    assert.equal(await factory.isValidAppId(APP_ID), true);
    assert.equal(await factory.isValidAppId('another'), false);
  });
});
