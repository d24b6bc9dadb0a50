import type { CatalogueEntry } from '../profile.js';

const contact_id = '5f0c1c0e-8f4e-4b0f-9d6b-6a3c2c6b1e01';
const contact = { contact_id, email: 'john@acme.com', name: 'John Smith', company: 'Acme Corp' };
const opportunity = { opportunity_id: '5f0c1c0e-8f4e-4b0f-9d6b-6a3c2c6b1e02', contact_id };
const meeting = { meeting_id: '5f0c1c0e-8f4e-4b0f-9d6b-6a3c2c6b1e03', contact_id };
const enrollment = { sequence_id: '5f0c1c0e-8f4e-4b0f-9d6b-6a3c2c6b1e04', contact_id };
const conversation = { conversation_id: '5f0c1c0e-8f4e-4b0f-9d6b-6a3c2c6b1e05', contact_id };
const call = { call_id: '5f0c1c0e-8f4e-4b0f-9d6b-6a3c2c6b1e06', contact_id };

/** The fifteen events of file 002. It shows the payload of `contact.created`; the others' follow it. */
export const scendcoreCatalogue: readonly CatalogueEntry[] = [
  { name: 'contact.created', description: 'A new contact is created', example: contact },
  { name: 'contact.updated', description: 'A contact is updated', example: contact },
  { name: 'opportunity.created', description: 'A new opportunity is created', example: opportunity },
  { name: 'opportunity.updated', description: 'An opportunity is updated', example: opportunity },
  {
    name: 'opportunity.stage_changed',
    description: 'An opportunity changes stage',
    example: { ...opportunity, from: 'qualified', to: 'proposal' },
  },
  { name: 'meeting.booked', description: 'A meeting is booked', example: meeting },
  { name: 'meeting.cancelled', description: 'A meeting is cancelled', example: meeting },
  { name: 'meeting.no_show', description: 'A meeting is marked as no-show', example: meeting },
  { name: 'sequence.enrolled', description: 'A contact is enrolled in a sequence', example: enrollment },
  { name: 'sequence.completed', description: 'A contact completes a sequence', example: enrollment },
  {
    name: 'sequence.unenrolled',
    description: 'A contact is removed from a sequence',
    example: enrollment,
  },
  { name: 'conversation.created', description: 'A new conversation starts', example: conversation },
  {
    name: 'conversation.override',
    description: 'A human takes over a conversation',
    example: conversation,
  },
  { name: 'call.completed', description: 'A voice call ends', example: call },
  {
    name: 'call.quality_scored',
    description: 'A call’s quality score is calculated',
    example: { ...call, score: 87 },
  },
];
