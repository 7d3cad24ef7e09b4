/** nginx on loopback, as Debian has it: NGINX, or /usr/sbin/nginx. */
import { startListening } from './listening-program.ts';

export const NGINX = process.env.NGINX ?? '/usr/sbin/nginx';

/** What it writes goes into its own folder, and it is one process. */
const AROUND = (http: string) => `
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  ${http}
}
`;

/**
 * Until the test is over. @param http what stands in its `http {}` @param files that this names @param port
 * on which it then listens
 */
export function startNginx(http: string, files: Record<string, string>, port: number): Promise<void> {
  const words = (folder: string) => ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'];
  return startListening(NGINX, words, { ...files, 'nginx.conf': AROUND(http) }, port);
}
