/* A connection: begun, shaken hands over, received from and sent over, ended; and what there is to know of it. */

#include "glue.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS; Python ignores SIGPIPE */
#endif

#define MAX_STEPS 200 /* of one call; a record takes two, a handshake twenty */

static void set_engine(connection *ours, const unsigned char *entropy, size_t size)
{
    br_ssl_engine_context *engine = ours->engine;

    br_ssl_engine_set_versions(engine, BR_TLS12, BR_TLS12);
    br_ssl_engine_set_suites(engine, ours->side->suites, ours->side->suite_count);
    br_ssl_engine_set_hash(engine, br_sha256_ID, &br_sha256_vtable); /* and no SHA-1: signatures of peers, too */
    br_ssl_engine_set_hash(engine, br_sha384_ID, &br_sha384_vtable);
    br_ssl_engine_set_hash(engine, br_sha512_ID, &br_sha512_vtable);
    br_ssl_engine_set_prf_sha256(engine, br_tls12_sha256_prf);
    br_ssl_engine_set_prf_sha384(engine, br_tls12_sha384_prf);
    br_ssl_engine_set_default_aes_gcm(engine);
    br_ssl_engine_set_default_chapol(engine);
    br_ssl_engine_set_default_ecdsa(engine); /* and the curves with it */
    br_ssl_engine_set_default_rsavrfy(engine);
    br_ssl_engine_set_protocol_names(engine, (const char **)ours->side->protocols, ours->side->protocol_count);
    br_ssl_engine_add_flags(engine, BR_OPT_NO_RENEGOTIATION);
    br_ssl_engine_inject_entropy(engine, entropy, size);
    br_ssl_engine_set_buffers_bidi(engine, ours->input, sizeof ours->input, ours->output, sizeof ours->output);
    ours->collector.vtable = &collector_class;
    ours->collector.connection = ours;
}

static int start_client(connection *ours, const char *name)
{
    br_ssl_client_context *tls = &ours->tls.client;
    identity *one = ours->side->identities;
    br_ssl_session_parameters session;

    if (one && br_skey_decoder_key_type(&one->key) == BR_KEYTYPE_RSA) {
        br_ssl_client_set_single_rsa(tls, one->chain, one->count, br_skey_decoder_get_rsa(&one->key),
                                     br_rsa_pkcs1_sign_get_default());
    } else if (one) {
        br_ssl_client_set_single_ec(tls, one->chain, one->count, br_skey_decoder_get_ec(&one->key), BR_KEYTYPE_SIGN, 0,
                                    br_ec_get_default(), br_ecdsa_sign_asn1_get_default());
    }
    br_ssl_engine_get_session_parameters(ours->engine, &session);
    note_offered(ours, &session);
    wipe(&session, sizeof session);
    return br_ssl_client_reset(tls, *name ? name : NULL, ours->offered_session_length > 0);
}

static int start_server(connection *ours)
{
    br_ssl_server_context *tls = &ours->tls.server;
    unsigned flags = ours->side->flags;

    ours->policy = &policy_class;
    br_ssl_server_set_policy(tls, &ours->policy);
    if (flags & CLIENT_CERTIFICATE) {
        br_ssl_server_set_trust_anchor_names(tls, ours->side->authorities, ours->side->authority_count);
    }
    if (flags & OPTIONAL_CERTIFICATE) br_ssl_engine_add_flags(ours->engine, BR_OPT_TOLERATE_NO_CLIENT_AUTH);
    if (flags & STRICT_PROTOCOL) br_ssl_engine_add_flags(ours->engine, BR_OPT_FAIL_ON_ALPN_MISMATCH);
    if (flags & SESSIONS) br_ssl_server_set_cache(tls, &ours->side->cache.vtable);
    return br_ssl_server_reset(tls);
}

void mh_free(connection *ours)
{
    if (!ours) return;
    free(ours->collected);
    free(ours->first);
    wipe(ours, sizeof *ours);
    free(ours);
}

/* A connection of a side, which must outlive it. The name is that of the server ("": none is sent), the session one
 * that `mh_session` gave, or NULL. */
connection *mh_new(side *its, const char *name, const br_ssl_session_parameters *session, mh_judge judge,
                   const unsigned char *entropy, size_t size)
{
    connection *ours = calloc(1, sizeof *ours);
    int is_server = its->flags & SERVER;

    if (!ours) return ours;
    ours->side = its;
    ours->judge = judge;
    ours->first = malloc(FIRST_SIZE); /* without it less can be told of what fails */
    if (is_server) br_ssl_server_zero(&ours->tls.server);
    else br_ssl_client_zero(&ours->tls.client);
    ours->engine = is_server ? &ours->tls.server.eng : &ours->tls.client.eng;
    set_engine(ours, entropy, size);
    if (!is_server || its->flags & CLIENT_CERTIFICATE) {
        br_ssl_engine_set_x509(ours->engine, &ours->collector.vtable);
    }
    if (session) br_ssl_engine_set_session_parameters(ours->engine, session);
    if (!(is_server ? start_server(ours) : start_client(ours, name))) {
        ours->error = br_ssl_engine_last_error(ours->engine);
    }
    return ours;
}

/* What of a record that is sent tells whether our side has changed to its new keys. */
static void note_sent(connection *ours, const unsigned char *data, size_t size)
{
    while (size) {
        size_t part;
        if (!ours->record_left) { /* a record is handed out whole, so that its head is here */
            ours->record_left = 5 + ((size_t)data[3] << 8 | data[4]);
            if (data[0] == CHANGE_CIPHER_SPEC) ours->has_changed_cipher = 1;
        }
        part = size < ours->record_left ? size : ours->record_left;
        ours->record_left -= part;
        data += part;
        size -= part;
    }
}

static int blocked(connection *ours, int direction)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return direction;
    ours->error = errno;
    return BROKEN;
}

/* Send what the engine has: 0 when all of it is gone. */
static int flush(connection *ours, int descriptor)
{
    while (br_ssl_engine_current_state(ours->engine) & BR_SSL_SENDREC) {
        size_t size;
        unsigned char *data = br_ssl_engine_sendrec_buf(ours->engine, &size);
        ssize_t sent = send(descriptor, data, size, MSG_NOSIGNAL);
        if (sent < 0) return blocked(ours, WANT_WRITE);
        note_sent(ours, data, sent);
        br_ssl_engine_sendrec_ack(ours->engine, sent);
    }
    return 0;
}

static void note_first(connection *ours, const unsigned char *data, size_t size)
{
    if (!ours->first) return;
    if (size > FIRST_SIZE - ours->first_count) size = FIRST_SIZE - ours->first_count;
    memcpy(ours->first + ours->first_count, data, size);
    ours->first_count += size;
}

static void forget_first(connection *ours)
{
    free(ours->first);
    ours->first = NULL;
    ours->first_count = 0;
}

/* Take in what is needed next of a record: 0 when something came. */
static int take_in(connection *ours, int descriptor)
{
    size_t size;
    unsigned char *data = br_ssl_engine_recvrec_buf(ours->engine, &size);
    ssize_t got = recv(descriptor, data, size, 0);

    if (got < 0) return blocked(ours, WANT_READ);
    if (!got) return CUT;
    note_first(ours, data, got);
    br_ssl_engine_recvrec_ack(ours->engine, got);
    return ours->is_refused ? REFUSED : 0;
}

static int ending(connection *ours)
{
    if (ours->is_refused) return REFUSED;
    return br_ssl_engine_last_error(ours->engine) ? FAILED : ENDED;
}

/* Go on until the engine is in one of these states: 0, or why not yet or not at all. Who sends records of nothing as
 * fast as they are read must not keep us here: then it waits to read what is there already. */
static int go_on(connection *ours, int descriptor, unsigned states)
{
    int step;

    for (step = 0; step < MAX_STEPS; step++) {
        unsigned state = br_ssl_engine_current_state(ours->engine);
        int sent = 0, taken;
        if (ours->is_refused || state & BR_SSL_CLOSED) return ending(ours);
        if (state & states) return 0;
        if (state & BR_SSL_SENDREC) {
            sent = flush(ours, descriptor);
            if (!sent) continue;
        }
        if (sent == BROKEN) return sent;
        if (!(state & BR_SSL_RECVREC)) return sent ? sent : ENDED; /* it was closed from here */
        taken = take_in(ours, descriptor);
        if (taken) return taken == WANT_READ && sent ? sent : taken;
    }
    return WANT_READ;
}

static void note_session(connection *ours)
{
    br_ssl_session_parameters session;

    br_ssl_engine_get_session_parameters(ours->engine, &session);
    ours->is_resumed = ours->offered_session_length && session.session_id_len == ours->offered_session_length &&
                       !memcmp(session.session_id, ours->offered_session, session.session_id_len);
    wipe(&session, sizeof session);
}

/* Go on with the handshake: 1 when it is done. The judge is given the handle. */
int mh_handshake(connection *ours, int descriptor, void *handle)
{
    int answer;

    if (ours->error) return FAILED;
    ours->handle = handle;
    answer = go_on(ours, descriptor, BR_SSL_SENDAPP | BR_SSL_RECVAPP);
    ours->handle = NULL;
    if (answer) return answer;
    note_session(ours);
    forget_first(ours);
    return 1;
}

/* What has arrived, at most one record: how many bytes, at least one; they stay in place until the next call. */
int mh_receive(connection *ours, int descriptor, unsigned char **data)
{
    size_t size;
    int answer;

    if (ours->given) {
        br_ssl_engine_recvapp_ack(ours->engine, ours->given);
        ours->given = 0;
    }
    if ((answer = go_on(ours, descriptor, BR_SSL_RECVAPP))) return answer;
    *data = br_ssl_engine_recvapp_buf(ours->engine, &size);
    ours->given = size;
    return (int)size;
}

/* Send at most one record: how many bytes are gone. After WANT_WRITE the same bytes must come again: they are in the
 * record already. */
int mh_send(connection *ours, int descriptor, const unsigned char *data, size_t size)
{
    size_t room;
    unsigned char *record;
    int answer;

    if (!ours->pending) {
        answer = go_on(ours, descriptor, BR_SSL_SENDAPP);
        if (answer || !size) return answer;
        record = br_ssl_engine_sendapp_buf(ours->engine, &room);
        if (size > room) size = room;
        memcpy(record, data, size);
        br_ssl_engine_sendapp_ack(ours->engine, size);
        br_ssl_engine_flush(ours->engine, 0);
        ours->pending = size;
    }
    if ((answer = flush(ours, descriptor))) return answer;
    size = ours->pending;
    ours->pending = 0;
    return (int)size;
}

/* Say that nothing more follows, as far as it goes without waiting. */
void mh_close_notify(connection *ours, int descriptor)
{
    br_ssl_engine_close(ours->engine);
    flush(ours, descriptor);
}

/* Say why we end a handshake (RFC 5246 section 7.2), as long as that may be said in the clear; BearSSL does not. */
void mh_alert(connection *ours, int descriptor, unsigned description)
{
    unsigned char record[7] = {ALERT, 3, 3, 0, 2, 2, 0};
    ssize_t ignored;

    if (ours->has_changed_cipher || ours->record_left) return;
    record[6] = (unsigned char)description;
    ignored = send(descriptor, record, sizeof record, MSG_NOSIGNAL);
    (void)ignored;
}

/* Why a step has answered FAILED (BearSSL's number) or BROKEN (errno). */
int mh_error(const connection *ours)
{
    return ours->error ? ours->error : br_ssl_engine_last_error(ours->engine);
}

int mh_is_too_large(const connection *ours)
{
    return ours->is_too_large;
}

/* What the peer sent first, as far as it is kept: how many bytes. */
size_t mh_first(const connection *ours, const unsigned char **data)
{
    *data = ours->first;
    return ours->first_count;
}

unsigned mh_suite(const connection *ours)
{
    return ours->engine->session.cipher_suite;
}

const char *mh_protocol(connection *ours)
{
    return br_ssl_engine_get_selected_protocol(ours->engine);
}

int mh_is_resumed(const connection *ours)
{
    return ours->is_resumed;
}

/* The session, to be resumed on another connection; NULL: there is none. It is a secret, to be freed here. */
br_ssl_session_parameters *mh_session(const connection *ours)
{
    br_ssl_session_parameters *session = malloc(sizeof *session);

    if (!session) return session;
    br_ssl_engine_get_session_parameters(ours->engine, session);
    if (session->session_id_len) return session;
    mh_session_free(session);
    return NULL;
}

void mh_session_free(br_ssl_session_parameters *session)
{
    wipe(session, sizeof *session);
    free(session);
}

size_t mh_size(void)
{
    return sizeof(connection);
}
