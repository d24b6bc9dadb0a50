import type { CatalogueEntry } from '../profile.js';

/**
 * The event types of file 003: the ten of its dropdown, the one of its example payload, and one of each group that
 * it links to. The shapes follow what its handlers read (`event.data.user`, `event.data.organization`, …).
 */

const user = { id: 'usr_123456789', email: 'user@example.com', first_name: 'John', last_name: 'Doe' };
const organization = { id: 'org_123456789', display_name: 'Acme Corp' };
const session = { id: 'ses_123456789', user_id: user.id, organization_id: organization.id };
const membership = { user_id: user.id, organization_id: organization.id, role: 'member' };

export const scalekitCatalogue: readonly CatalogueEntry[] = [
  { name: 'user.created', description: 'User created', example: { user, organization } },
  { name: 'user.updated', description: 'User updated', example: { user } },
  { name: 'user.deleted', description: 'User deleted', example: { user } },
  { name: 'organization.created', description: 'Organization created', example: { organization } },
  { name: 'organization.updated', description: 'Organization updated', example: { organization } },
  { name: 'session.created', description: 'Session created', example: { session } },
  { name: 'session.expired', description: 'Session expired', example: { session } },
  { name: 'membership.created', description: 'User joined an organization', example: { membership } },
  { name: 'membership.updated', description: 'Membership updated', example: { membership } },
  { name: 'membership.deleted', description: 'User left an organization', example: { membership } },
  {
    name: 'organization.directory.user_created',
    description: 'User created in a directory',
    example: { user_id: 'usr_123456789', email: 'user@example.com', name: 'John Doe' },
  },
  { name: 'user.signup', description: 'User signed up', example: { user, organization } },
  {
    name: 'organization.directory_enabled',
    description: 'Directory enabled for an organization',
    example: { organization, directory: { id: 'dir_123456789' } },
  },
  {
    name: 'organization.sso_created',
    description: 'SSO connection created for an organization',
    example: { organization, connection: { id: 'conn_123456789' } },
  },
  { name: 'role.created', description: 'Role created', example: { role: { name: 'billing_admin' } } },
  {
    name: 'permission.deleted',
    description: 'Permission deleted',
    example: { permission: { name: 'invoices:read' } },
  },
];
