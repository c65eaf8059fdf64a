import { EventEmitter } from 'node:events';

/** The payload of each event, by its name. */
type EventPayloads<Events> = { [Name in keyof Events]: unknown };

/**
 * An event emitter whose events and payloads are known to the compiler. An `error` event that nobody listens to does
 * not bring the process down: the call that failed throws it as well.
 */
export class TypedEventEmitter<Events extends EventPayloads<Events>> {
  readonly #emitter = new EventEmitter();

  /** Calls the listener each time the event happens. */
  on<Name extends keyof Events & string>(event: Name, listener: (payload: Events[Name]) => void): this {
    this.#emitter.on(event, listener);
    return this;
  }

  /** Calls the listener the next time the event happens. */
  once<Name extends keyof Events & string>(event: Name, listener: (payload: Events[Name]) => void): this {
    this.#emitter.once(event, listener);
    return this;
  }

  /** Stops calling the listener. */
  off<Name extends keyof Events & string>(event: Name, listener: (payload: Events[Name]) => void): this {
    this.#emitter.off(event, listener);
    return this;
  }

  /** Removes every listener, or those of one event. */
  removeAllListeners(event?: keyof Events & string): this {
    this.#emitter.removeAllListeners(event);
    return this;
  }

  /** Tells how many listeners an event has. */
  listenerCount(event: keyof Events & string): number {
    return this.#emitter.listenerCount(event);
  }

  /** Calls the event's listeners, and returns whether there were any. */
  emit<Name extends keyof Events & string>(event: Name, payload: Events[Name]): boolean {
    if (event === 'error' && this.#emitter.listenerCount('error') === 0) return false;
    return this.#emitter.emit(event, payload);
  }
}
