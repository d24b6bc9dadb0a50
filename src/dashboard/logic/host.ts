/** The host of a URL, its port included, in lower case; the whole text where it is none. */
export function hostOf(url: string): string {
  return (/^[a-z]+:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url).toLowerCase();
}
