/** Takes one human-readable line. */
export type Progress = (message: string) => void;
