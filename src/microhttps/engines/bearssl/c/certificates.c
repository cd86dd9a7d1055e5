/* What a certificate has, and whether a path of them is believed. */

#include "glue.h"

void wipe(void *data, size_t size)
{
    volatile unsigned char *at = data;

    while (size--) *at++ = 0;
}

void *copy_of(const void *data, size_t size)
{
    void *copy = malloc(size ? size : 1);

    if (copy) memcpy(copy, data, size);
    return copy;
}

static void append_name(void *pointer, const void *data, size_t size)
{
    br_x500_name *name = pointer;
    unsigned char *grown = realloc(name->data, name->len + size);

    if (!grown) return; /* the name stays too short, and fits nobody */
    memcpy(grown + name->len, data, size);
    name->data = grown;
    name->len += size;
}

const br_x509_pkey *decode(br_x509_decoder_context *decoder, br_x500_name *name, const unsigned char *data,
                                  size_t size)
{
    br_x509_decoder_init(decoder, name ? append_name : 0, name);
    br_x509_decoder_push(decoder, data, size);
    return br_x509_decoder_get_pkey(decoder);
}

/* Whether there is anything in this certificate that BearSSL could not have as an authority: 0 or its error. */
int mh_check_authority(const unsigned char *data, size_t size)
{
    br_x509_decoder_context decoder;

    if (decode(&decoder, 0, data, size)) return 0;
    return br_x509_decoder_last_error(&decoder) ? br_x509_decoder_last_error(&decoder) : BR_ERR_X509_TRUNCATED;
}

static void set_algorithms(br_x509_minimal_context *verifier)
{
    br_x509_minimal_set_rsa(verifier, br_rsa_pkcs1_vrfy_get_default());
    br_x509_minimal_set_ecdsa(verifier, br_ec_get_default(), br_ecdsa_vrfy_asn1_get_default());
    br_x509_minimal_set_hash(verifier, br_sha256_ID, &br_sha256_vtable); /* and no SHA-1 */
    br_x509_minimal_set_hash(verifier, br_sha384_ID, &br_sha384_vtable);
    br_x509_minimal_set_hash(verifier, br_sha512_ID, &br_sha512_vtable);
}

static unsigned verify(const br_x509_trust_anchor *anchors, size_t anchor_count, const unsigned char *chain,
                       const uint32_t *lengths, uint32_t count, uint32_t days, uint32_t seconds)
{
    br_x509_minimal_context verifier;
    const br_x509_class **interface = &verifier.vtable;
    unsigned error, usages = 0;
    uint32_t at;

    br_x509_minimal_init(&verifier, &br_sha256_vtable, anchors, anchor_count);
    set_algorithms(&verifier);
    br_x509_minimal_set_time(&verifier, days, seconds);
    verifier.vtable->start_chain(interface, NULL); /* names are judged elsewhere */
    for (at = 0; at < count; chain += lengths[at++]) {
        verifier.vtable->start_cert(interface, lengths[at]);
        verifier.vtable->append(interface, chain, lengths[at]);
        verifier.vtable->end_cert(interface);
    }
    error = verifier.vtable->end_chain(interface);
    if (!error) verifier.vtable->get_pkey(interface, &usages);
    return error | usages << 16;
}

/*
 * Judge a path (the peer's certificate first, the one that an anchor has signed last) at a moment: days since the year
 * 0 and seconds of the day. The anchors are certificates, too; `is_direct`: they are the peer's own. Gives BearSSL's
 * error, 0 if there is none, and in the upper half what the peer's key is for.
 */
unsigned mh_verify(const unsigned char *chain, const uint32_t *lengths, uint32_t count, const unsigned char *anchors,
                   const uint32_t *anchor_lengths, uint32_t anchor_count, int is_direct, uint32_t days,
                   uint32_t seconds)
{
    br_x509_trust_anchor *list = calloc(anchor_count ? anchor_count : 1, sizeof *list);
    br_x509_decoder_context *decoders = calloc(anchor_count ? anchor_count : 1, sizeof *decoders);
    unsigned error = list && decoders ? 0 : NO_MEMORY;
    uint32_t at;

    for (at = 0; at < anchor_count && !error; anchors += anchor_lengths[at++]) {
        const br_x509_pkey *key = decode(&decoders[at], &list[at].dn, anchors, anchor_lengths[at]);
        if (key) list[at].pkey = *key; /* its numbers lie in the decoder */
        else error = BR_ERR_X509_UNSUPPORTED;
        list[at].flags = is_direct ? 0 : BR_X509_TA_CA;
    }
    if (!error) error = verify(list, anchor_count, chain, lengths, count, days, seconds);
    for (at = 0; list && at < anchor_count; at++) free(list[at].dn.data);
    free(list);
    free(decoders);
    return error;
}
