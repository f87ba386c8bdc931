/** What a peer sent that is not a DNS message, or not an answer to the question. The message says what is wrong with it. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}
