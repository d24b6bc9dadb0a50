/** What a text of JSON stands for, or why it is none. */
export function jsonFrom(text: string): { value: unknown; problem: string | null } {
  try {
    return { value: JSON.parse(text) as unknown, problem: null };
  } catch (error) {
    return {
      value: null,
      problem: `It is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
