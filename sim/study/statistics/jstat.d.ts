/** Of jstat, which has no types of its own, what is used here. */
declare module 'jstat' {
  const jStat: { studentt: { inv(share: number, freedom: number): number } };
  export = jStat;
}
