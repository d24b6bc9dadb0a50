/** Something that the user can mend: a sentence or two, printed as they are, without a stack. */
export class UserError extends Error {
  override name: string = 'UserError';
}
