import type { CatalogueEntry } from '../profile.js';

const userId = 'usr_1234567890';
const organizationId = 'org_1234567890';
const email = 'user@example.com';
const connectionId = 'conn_1234567890';
const sessionId = 'ses_1234567890';

/** The eleven events of file 004, with its own payloads. */
export const scalekitAuthCatalogue: readonly CatalogueEntry[] = [
  {
    name: 'user.authenticated',
    description: 'User successfully authenticated',
    example: { userId, organizationId, email, method: 'sso' },
  },
  {
    name: 'user.authentication_failed',
    description: 'Authentication attempt failed',
    example: { email, reason: 'invalid_credentials' },
  },
  { name: 'user.created', description: 'New user created', example: { userId, email, organizationId } },
  {
    name: 'user.updated',
    description: 'User profile updated',
    example: { userId, changes: ['email', 'name'] },
  },
  { name: 'user.deleted', description: 'User deleted', example: { userId } },
  { name: 'session.created', description: 'New session started', example: { sessionId, userId } },
  { name: 'session.expired', description: 'Session expired', example: { sessionId, userId } },
  {
    name: 'connection.created',
    description: 'SSO connection configured',
    example: { connectionId, organizationId, type: 'SAML' },
  },
  { name: 'connection.enabled', description: 'SSO connection activated', example: { connectionId } },
  {
    name: 'scim.user_provisioned',
    description: 'User provisioned via SCIM',
    example: { userId, organizationId },
  },
  { name: 'scim.user_deprovisioned', description: 'User deprovisioned via SCIM', example: { userId } },
];
