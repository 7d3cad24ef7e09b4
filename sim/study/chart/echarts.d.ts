/**
 * The library's one-file build, which has no types of its own: loading it costs a sixth of the CPU time that
 * its 400 modules do.
 */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}
