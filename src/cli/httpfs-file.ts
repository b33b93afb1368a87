/** The file of DuckDB's extension httpfs, which s3:// paths take, as the environment names it. */
export function httpfsFile(): string | undefined {
  const file = process.env['PONDERA_HTTPFS'];
  return file === '' ? undefined : file;
}
