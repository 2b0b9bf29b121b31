import {
  type ClientSession,
  type ClientSessionRawSubscriptionService,
  DeleteSubscriptionsRequest,
  type NotificationMessage,
  type PublishRequest,
  type PublishResponse,
  RepublishRequest,
  type RepublishResponse,
  type StatusCode,
} from 'node-opcua-client';

/**
 * The library's session with the subscription services as they are on the wire. Its own publish engine and subscription
 * classes are left out on purpose: they reconnect, republish and acknowledge by rules of their own.
 */
export type RawSession = ClientSession &
  ClientSessionRawSubscriptionService & {
    publish(request: PublishRequest, callback: (error: Error | null, response?: PublishResponse) => void): void;
    republish(request: RepublishRequest, callback: (error: Error | null, response?: RepublishResponse) => void): void;
    setPublishingMode(publishingEnabled: boolean, subscriptionIds: number[]): Promise<StatusCode[]>;
    deleteSubscriptions(
      request: DeleteSubscriptionsRequest,
      callback: (error: Error | null, response?: { results?: StatusCode[] | null }) => void,
    ): void;
  };

/** Asks the server for a message again; rejects with the server's status when it no longer has it. */
export function republish(session: RawSession, subscriptionId: number, sequence: number): Promise<NotificationMessage> {
  const request = new RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequence });
  return new Promise((resolve, reject) => {
    session.republish(request, (error, response) => {
      if (error || !response) reject(error ?? new Error('no response'));
      else resolve(response.notificationMessage);
    });
  });
}

export function deleteSubscriptions(session: RawSession, subscriptionIds: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    session.deleteSubscriptions(new DeleteSubscriptionsRequest({ subscriptionIds }), (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
