/* What all connections of a server or a client share: identities, sessions, what is asked for. */

#include "glue.h"

/* What a handshake may resume: it did, if it ends with the same session. */
void note_offered(connection *ours, const br_ssl_session_parameters *session)
{
    ours->offered_session_length = session->session_id_len;
    memcpy(ours->offered_session, session->session_id, sizeof session->session_id);
}

static void identity_free(identity *one)
{
    size_t at;

    for (at = 0; one->chain && at < one->count; at++) free(one->chain[at].data);
    free(one->chain);
    free(one->name);
    wipe(&one->key, sizeof one->key);
    free(one);
}

void mh_side_free(side *ours)
{
    identity *one;
    size_t at;

    if (!ours) return;
    while ((one = ours->identities)) {
        ours->identities = one->next;
        identity_free(one);
    }
    for (at = 0; at < ours->authority_count; at++) free(ours->authorities[at].data);
    for (at = 0; at < ours->protocol_count; at++) free(ours->protocols[at]);
    free(ours->authorities);
    free(ours->protocols);
    pthread_mutex_destroy(&ours->cache.lock);
    wipe(&ours->cache, sizeof ours->cache);
    free(ours);
}

static void save(const br_ssl_session_cache_class **pointer, br_ssl_server_context *server,
                 const br_ssl_session_parameters *session)
{
    cache *ours = (cache *)(void *)pointer;

    pthread_mutex_lock(&ours->lock);
    ours->lru.vtable->save(&ours->lru.vtable, server, session);
    pthread_mutex_unlock(&ours->lock);
}

static int load(const br_ssl_session_cache_class **pointer, br_ssl_server_context *server,
                br_ssl_session_parameters *session)
{
    cache *ours = (cache *)(void *)pointer;
    int is_known;

    pthread_mutex_lock(&ours->lock);
    is_known = ours->lru.vtable->load(&ours->lru.vtable, server, session);
    pthread_mutex_unlock(&ours->lock);
    if (is_known) note_offered((connection *)(void *)server, session);
    return is_known;
}

static const br_ssl_session_cache_class cache_class = {sizeof(cache), save, load};

side *mh_side_new(unsigned flags, const uint16_t *suites, size_t suite_count)
{
    side *ours = calloc(1, sizeof *ours);

    if (!ours) return ours;
    ours->flags = flags;
    ours->suite_count = suite_count > 32 ? 32 : suite_count;
    memcpy(ours->suites, suites, ours->suite_count * sizeof *suites);
    pthread_mutex_init(&ours->cache.lock, NULL);
    br_ssl_session_cache_lru_init(&ours->cache.lru, ours->cache.store, sizeof ours->cache.store);
    ours->cache.vtable = &cache_class;
    return ours;
}

static int is_same_number(const unsigned char *one, size_t one_size, const unsigned char *other, size_t other_size)
{
    while (one_size && !*one) one++, one_size--;
    while (other_size && !*other) other++, other_size--;
    return one_size == other_size && !memcmp(one, other, one_size);
}

/* Whether a private key belongs to the public one of its certificate. */
static int belongs(const br_skey_decoder_context *key, const br_x509_pkey *public)
{
    unsigned char data[BR_EC_KBUF_PUB_MAX_SIZE + 1024];

    if (br_skey_decoder_key_type(key) != public->key_type) return 0;
    if (public->key_type == BR_KEYTYPE_RSA) {
        const br_rsa_private_key *secret = br_skey_decoder_get_rsa(key);
        size_t size = (secret->n_bitlen + 7) / 8;
        if (size > sizeof data || br_rsa_compute_modulus_get_default()(data, secret) != size) return 0;
        return is_same_number(data, size, public->key.rsa.n, public->key.rsa.nlen);
    } else {
        const br_ec_private_key *secret = br_skey_decoder_get_ec(key);
        br_ec_public_key computed;
        if (secret->curve != public->key.ec.curve) return 0;
        if (!br_ec_compute_pub(br_ec_get_default(), &computed, data, secret)) return 0;
        return computed.qlen == public->key.ec.qlen && !memcmp(computed.q, public->key.ec.q, computed.qlen);
    }
}

/* Give a side our certificates and their key; the name is that of whoever asks for it, "" for all others: 0 or why not.
 * The one for all others comes last. */
int mh_side_identity(side *ours, const char *name, const unsigned char *chain, const uint32_t *lengths, uint32_t count,
                     const unsigned char *key, size_t key_size)
{
    identity *one = calloc(1, sizeof *one), **last = &ours->identities;
    br_x509_decoder_context decoder;
    const br_x509_pkey *public;
    int error = 0;

    if (!one || !(one->chain = calloc(count, sizeof *one->chain))) {
        free(one);
        return NO_MEMORY;
    }
    public = decode(&decoder, 0, chain, lengths[0]);
    for (; one->count < count; chain += lengths[one->count++]) {
        one->chain[one->count].data = copy_of(chain, lengths[one->count]);
        one->chain[one->count].data_len = lengths[one->count];
        if (!one->chain[one->count].data) error = NO_MEMORY;
    }
    if (*name && !(one->name = copy_of(name, strlen(name) + 1))) error = NO_MEMORY;
    br_skey_decoder_init(&one->key);
    br_skey_decoder_push(&one->key, key, key_size);
    if (!error) error = br_skey_decoder_last_error(&one->key);
    if (!error && !public) error = BR_ERR_X509_UNSUPPORTED;
    if (!error && !belongs(&one->key, public)) error = KEY_MISMATCH;
    if (error) {
        identity_free(one);
        return error;
    }
    while (*last) last = &(*last)->next;
    *last = one;
    return 0;
}

/* Name an authority (the subject of this certificate) to clients who are asked for a certificate: 0 or why not. */
int mh_side_authority(side *ours, const unsigned char *data, size_t size)
{
    br_x509_decoder_context decoder;
    br_x500_name name = {0, 0};
    br_x500_name *grown;

    if (!decode(&decoder, &name, data, size)) {
        free(name.data);
        return BR_ERR_X509_UNSUPPORTED;
    }
    grown = realloc(ours->authorities, (ours->authority_count + 1) * sizeof *grown);
    if (!grown) {
        free(name.data);
        return NO_MEMORY;
    }
    ours->authorities = grown;
    ours->authorities[ours->authority_count++] = name;
    return 0;
}

int mh_side_protocol(side *ours, const char *name)
{
    char **grown = realloc(ours->protocols, (ours->protocol_count + 1) * sizeof *grown);

    if (!grown) return NO_MEMORY;
    ours->protocols = grown;
    if (!(grown[ours->protocol_count] = copy_of(name, strlen(name) + 1))) return NO_MEMORY;
    ours->protocol_count++;
    return 0;
}
