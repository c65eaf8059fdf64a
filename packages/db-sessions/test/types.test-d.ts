// Checked by the compiler: `pnpm typecheck`.
import type { CheckpointStore, Message, Session, SessionStore } from '@codebuddy/db-core';
import { expectTypeOf } from 'vitest';
import type { CheckpointRepository, SessionRepository } from '../src/index.ts';

declare const sessions: SessionRepository;
expectTypeOf(sessions).toExtend<SessionStore>();
expectTypeOf(sessions.createSession()).toEqualTypeOf<Session>();
expectTypeOf(sessions.addMessage({ session_id: 's', role: 'user' })).toEqualTypeOf<Message>();
expectTypeOf(sessions.getSessionWithMessages('s')).toEqualTypeOf<(Session & { messages: Message[] }) | null>();
expectTypeOf(sessions.popMessage('s')).toEqualTypeOf<Message | null>();
expectTypeOf<CheckpointRepository>().toExtend<CheckpointStore>();
