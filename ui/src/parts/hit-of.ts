import type { ClientCard, ClientHit } from '../ipc';

/** Whom a card is about, as a form takes them. */
export const hitOf = (card: ClientCard): ClientHit => ({
  id: card.id,
  name: card.name,
  phone: card.phones[0] ?? '',
  alert: card.alert,
});
