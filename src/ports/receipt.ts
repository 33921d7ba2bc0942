// What every change to the world answers with.

/** The vendor's id of the request, for the trail and for the vendor's support. */
export interface Receipt {
  readonly requestId: string;
}
