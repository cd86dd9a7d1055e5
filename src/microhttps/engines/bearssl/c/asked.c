/* What BearSSL asks us during a handshake: whether the chain of the peer is believed, and which identity is shown. */

#include "glue.h"

static connection *of(const br_x509_class *const *pointer)
{
    return ((const collector *)(const void *)pointer)->connection;
}

static void start_chain(const br_x509_class **pointer, const char *name)
{
    connection *ours = of(pointer);

    (void)name;
    if (!ours->collected) ours->collected = malloc(sizeof *ours->collected);
    if (ours->collected) ours->collected->count = ours->collected->used = ours->collected->is_too_large = 0;
}

static void start_cert(const br_x509_class **pointer, uint32_t length)
{
    collected *all = of(pointer)->collected;

    if (!all || all->is_too_large) return;
    all->is_too_large = all->count == MAX_CERTIFICATES || length > MAX_CHAIN - all->used;
    if (!all->is_too_large) all->lengths[all->count++] = length;
}

static void append(const br_x509_class **pointer, const unsigned char *data, size_t size)
{
    collected *all = of(pointer)->collected;

    if (!all || all->is_too_large) return;
    if (size > MAX_CHAIN - all->used) {
        all->is_too_large = 1;
        return;
    }
    memcpy(all->data + all->used, data, size);
    all->used += size;
}

static void end_cert(const br_x509_class **pointer)
{
    (void)pointer;
}

static unsigned judged(connection *ours, const collected *all)
{
    unsigned verdict;

    if (!all->count) return BR_ERR_X509_EMPTY_CHAIN;
    if (!ours->judge) return BR_ERR_X509_NOT_TRUSTED;
    verdict = ours->judge(ours->handle, all->data, all->lengths, all->count);
    ours->usages = verdict >> 16;
    if (verdict & 0xFFFF) return verdict & 0xFFFF;
    return decode(&ours->leaf, 0, all->data, all->lengths[0]) ? 0 : BR_ERR_X509_UNSUPPORTED;
}

static unsigned end_chain(const br_x509_class **pointer)
{
    connection *ours = of(pointer);
    unsigned error = NO_MEMORY;

    if (ours->collected) {
        ours->is_too_large = ours->collected->is_too_large;
        error = ours->is_too_large ? BR_ERR_X509_LIMIT_EXCEEDED : judged(ours, ours->collected);
    }
    free(ours->collected);
    ours->collected = NULL;
    if (error) ours->is_refused = 1; /* whatever the engine tolerates */
    return error;
}

static const br_x509_pkey *leaf_key(const br_x509_class *const *pointer, unsigned *usages)
{
    connection *ours = of(pointer);

    if (ours->is_refused) return NULL;
    if (usages) *usages = ours->usages;
    return br_x509_decoder_get_pkey(&ours->leaf);
}

const br_x509_class collector_class = {
    sizeof(collector), start_chain, start_cert, append, end_cert, end_chain, leaf_key,
};

static int fits(const char *name, const char *asked)
{
    if (!name) return 1;
    if (!strncmp(name, "*.", 2)) {
        const char *dot = strchr(asked, '.');
        return dot && dot != asked && !strcmp(name + 1, dot);
    }
    return !strcmp(name, asked);
}

static identity *find_identity(side *ours, const char *asked)
{
    char lower[256];
    size_t at;
    identity *one;

    for (at = 0; asked[at] && at < sizeof lower - 1; at++) {
        lower[at] = asked[at] >= 'A' && asked[at] <= 'Z' ? asked[at] + 32 : asked[at];
    }
    lower[at] = 0;
    for (one = ours->identities; one && !fits(one->name, lower); one = one->next);
    return one;
}

/* BearSSL's own policy for one key does the rest: it takes this one's place. */
static int choose(const br_ssl_server_policy_class **pointer, const br_ssl_server_context *server,
                  br_ssl_server_choices *choices)
{
    connection *ours = (connection *)(void *)(uintptr_t)server; /* const is for those who only look */
    br_ssl_server_context *tls = &ours->tls.server;
    identity *one = find_identity(ours->side, br_ssl_engine_get_server_name(ours->engine));

    (void)pointer;
    if (!one) return 0;
    if (br_skey_decoder_key_type(&one->key) == BR_KEYTYPE_RSA) {
        br_ssl_server_set_single_rsa(tls, one->chain, one->count, br_skey_decoder_get_rsa(&one->key), BR_KEYTYPE_SIGN,
                                     br_rsa_private_get_default(), br_rsa_pkcs1_sign_get_default());
    } else {
        br_ssl_server_set_single_ec(tls, one->chain, one->count, br_skey_decoder_get_ec(&one->key), BR_KEYTYPE_SIGN, 0,
                                    br_ec_get_default(), br_ecdsa_sign_asn1_get_default());
    }
    return (*tls->policy_vtable)->choose(tls->policy_vtable, tls, choices);
}

const br_ssl_server_policy_class policy_class = {sizeof(const br_ssl_server_policy_class *), choose, 0, 0};
