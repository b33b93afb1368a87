/** Whether an address, as a socket has it, can be reached from this machine alone. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
