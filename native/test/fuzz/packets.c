/*
 * The launcher's reading of packets against packets that are nearly right, under the sanitizers of the compiler: the code is that
 * of the launcher, only what a request would do to the system is replaced. Any access outside of a packet ends the program.
 *
 *     skewer-fuzz-packets ROUNDS SEED
 */
#include "../../launch/packet.c"
#include "../../launch/requests.c"

#include <stdlib.h>

static unsigned long started, bound, claims, heard;

/* Reads all that the launcher would hand to the system, so that the sanitizers see it. */
pid_t process_start(const struct start *start, struct failure *failure)
{
    size_t bytes = 0;
    for (char *const *argument = start->argv; *argument != NULL; argument++) {
        bytes += strlen(*argument);
    }
    if (bytes > PROTOCOL_PACKET_BYTES_MAX + sizeof "skewer-" + 32 || start->role->name == NULL) {
        abort();
    }
    started++;
    return fail(failure, ENOSYS, "cannot be started: this is a test");
}

int binding_open(const struct binding *binding, struct failure *failure)
{
    unsigned sum = 0;
    for (uint16_t i = 0; i < binding->address.length; i++) {
        sum += (unsigned char) binding->address.bytes[i];
    }
    bound++;
    return fail(failure, ENOSYS, "%u", sum);
}

int directory_claim_output(struct directories *all, struct directory *claimed, const char *path, const struct identity *owner, mode_t mode,
        struct failure *failure)
{
    (void) all;
    (void) claimed;
    (void) owner;
    (void) mode;
    if (strlen(path) >= PATH_MAX) {
        abort();
    }
    claims++;
    return fail(failure, ENOSYS, "%.40s", path);
}

void directories_keep(void)
{
}

/* Who a role is: nobody is asked, since nothing is started. */
void users_identity(const struct users *users, const struct role *role, struct identity *identity)
{
    (void) users;
    if (role == NULL) {
        abort();
    }
    memset(identity, 0, sizeof *identity);
}

void descend(const struct launcher *launcher)
{
    (void) launcher;
}

void notify(const char *text)
{
    (void) text;
    heard++;
}

/* xorshift64: the same rounds again for the same seed, on every system. */
static uint64_t state;

static uint32_t random_below(uint32_t bound_)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t) (state >> 32) % bound_;
}

static void put_text(struct writer *out, const char *text)
{
    write_number(out, (uint32_t) strlen(text), 2);
    for (; *text != '\0'; text++) {
        write_number(out, (uint8_t) *text, 1);
    }
}

static void sound_packet(struct writer *out)
{
    uint8_t type = (uint8_t) (1 + random_below(6));
    write_head(out, type, random_below(1000));
    switch (type) {
    case REQUEST_SPAWN:
        write_number(out, random_below(2), 4);
        put_text(out, roles[random_below(sizeof roles / sizeof roles[0])].name);
        uint32_t count = random_below(5);
        write_number(out, count, 2);
        for (uint32_t i = 0; i < count; i++) {
            put_text(out, "-Dargument");
        }
        break;
    case REQUEST_BIND:
        write_number(out, 1 + random_below(2), 1);
        write_number(out, random_below(8), 1);
        write_number(out, random_below(65536), 2);
        write_number(out, 0600, 2);
        write_number(out, 0, 4);
        put_text(out, random_below(2) ? "/run/skewer.sock" : "abcd");
        break;
    case REQUEST_KILL:
        write_number(out, random_below(5), 4);
        write_number(out, random_below(70), 4);
        break;
    case REQUEST_PREPARE:
        write_number(out, random_below(9), 4);
        put_text(out, random_below(2) ? "" : "/var/log/skewer");
        break;
    default:
        break;
    }
}

/* A copy of its exact size: a byte read behind it is one that the sanitizer knows not to be ours. */
static void answer(struct launcher *launcher, const uint8_t *bytes, size_t length)
{
    uint8_t *packet = malloc(length == 0 ? 1 : length);
    if (packet == NULL) {
        abort();
    }
    memcpy(packet, bytes, length);
    request_answer(launcher, packet, length, random_below(50) == 0);
    free(packet);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: skewer-fuzz-packets ROUNDS SEED\n", stderr);
        return 2;
    }
    static struct launcher launcher;
    static struct directories directories;
    launcher.directories = &directories;
    launcher.java = "java";
    launcher.control = -1; /* what is answered goes nowhere */
    launcher.layers = LAYERS_ALL;
    unsigned long rounds = strtoul(argv[1], NULL, 10);
    state = strtoull(argv[2], NULL, 10) | 1;
    for (unsigned long round = 0; round < rounds; round++) {
        struct writer out;
        sound_packet(&out);
        for (uint32_t changes = random_below(4); changes > 0; changes--) {
            out.bytes[random_below((uint32_t) out.length)] = (uint8_t) random_below(256);
        }
        size_t length = random_below(4) == 0 ? random_below((uint32_t) out.length + 1) : out.length;
        launcher.prepared = random_below(8) != 0;
        launcher.descended = random_below(2) != 0;
        answer(&launcher, out.bytes, length);
    }
    static uint8_t longest[PROTOCOL_PACKET_BYTES_MAX];
    memset(longest, 'x', sizeof longest);
    struct writer head;
    for (uint8_t type = 0; type < 8; type++) {
        write_head(&head, type, 1);
        memcpy(longest, head.bytes, head.length);
        answer(&launcher, longest, sizeof longest);
    }
    printf("started %lu bound %lu claimed %lu heard %lu\n", started, bound, claims, heard);
    return 0;
}
