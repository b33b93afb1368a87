import type { Request } from 'express';

/** Requests that no route took have this one name, whatever their path. */
export const NO_ROUTE = 'none';

/** The route that a request took, as `/v1/studies/:id/trials:suggest`: there are as many as routes. */
export function routeTemplate(request: Request, mounts: readonly string[]): string {
  const { path: within } = (request.route as { readonly path?: unknown } | undefined) ?? {};
  if (typeof within !== 'string') return NO_ROUTE;
  const path = request.originalUrl.split('?')[0]!;
  const mount = mounts.find((each) => path === each || path.startsWith(`${each}/`)) ?? '';
  return `${mount}${within === '/' ? '' : within}`.replaceAll('\\', '');
}
