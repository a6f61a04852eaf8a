/** What is wrong with a request, as the reader is told. */

/** There is no such page: status 404. */
export class NotFound extends Error {
  constructor() {
    super("there is no such page");
  }
}

/** The address says something that cannot be: status 400, with the reason. */
export class WrongRequest extends Error {}
