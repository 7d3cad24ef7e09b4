/** What is wrong with a request, as Toxiproxy answers it: `{"error": …, "status": …}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  /** @param status of HTTP, 400 to 499 */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
