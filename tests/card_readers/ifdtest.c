/* A card reader driver for tests: takes vpcd's place in pcscd, and its cards (the same messages over TCP).

   It does what vpcd cannot: it reports a card by event, as card readers with an interrupt pipe do, and it breaks.
   While the file "<path of this library>.broken" exists, every slot answers with a communication error, as a card
   reader does that was pulled out or lost its power. It waits 10 s for a card's answer, as a real driver would.

   Two slots per entry, on adjacent ports, told in the configuration as for vpcd: DEVICENAME /dev/null:0x8C7B */
#define _GNU_SOURCE
#include <PCSC/ifdhandler.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOTS = 2, SLICE_MS = 50 };

static struct slot {
    int listener, card;
    unsigned char atr[MAX_ATR_SIZE];
    DWORD atr_length;
} slots[SLOTS];
static char broken_flag[4096];

static struct slot *slot_of(DWORD lun) { return &slots[(lun & 0xFFFF) % SLOTS]; }

static int is_broken(void) { return access(broken_flag, F_OK) == 0; }

static void lift(struct slot *slot) {
    if (slot->card > 0) close(slot->card);
    slot->card = 0;
    slot->atr_length = 0;
}

static int send_message(struct slot *slot, const unsigned char *body, size_t length) {
    unsigned char message[2 + 65535];
    message[0] = length >> 8, message[1] = length & 0xFF;
    memcpy(message + 2, body, length);
    return send(slot->card, message, 2 + length, MSG_NOSIGNAL) == (ssize_t)(2 + length);
}

static long receive_message(struct slot *slot, unsigned char *body, size_t room) {
    unsigned char head[2];
    if (recv(slot->card, head, 2, MSG_WAITALL) != 2) return -1;
    size_t length = head[0] << 8 | head[1];
    if (length > room || recv(slot->card, body, length, MSG_WAITALL) != (ssize_t)length) return -1;
    return (long)length;
}

static int ask_atr(struct slot *slot) {
    const unsigned char tell_atr = 4;
    long length = send_message(slot, &tell_atr, 1) ? receive_message(slot, slot->atr, sizeof slot->atr) : -1;
    slot->atr_length = length > 0 ? length : 0;
    return length > 0;
}

/* pcscd asks again when this returns: a card came or left, the card reader broke, or nothing happened. */
static RESPONSECODE wait_for_event(DWORD lun, int timeout) {
    struct slot *slot = slot_of(lun);
    struct pollfd watched = {slot->card ? slot->card : slot->listener, slot->card ? POLLRDHUP : POLLIN, 0};
    int was_broken = is_broken();
    for (int waited = 0; waited < timeout && is_broken() == was_broken; waited += SLICE_MS)
        if (poll(&watched, 1, SLICE_MS) > 0 && !was_broken) break;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR device) {
    struct slot *slot = slot_of(lun);
    int port = (int)strtol(strrchr(device, ':') + 1, NULL, 0) + (int)(lun & 0xFFFF), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    Dl_info self;
    dladdr((void *)IFDHCreateChannelByName, &self);
    snprintf(broken_flag, sizeof broken_flag, "%s.broken", self.dli_fname);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    slot->card = 0;
    slot->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(slot->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(slot->listener, (struct sockaddr *)&address, sizeof address) || listen(slot->listener, 1))
        return IFD_COMMUNICATION_ERROR;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) {
    (void)lun, (void)channel;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHCloseChannel(DWORD lun) {
    lift(slot_of(lun));
    close(slot_of(lun)->listener);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value) {
    struct slot *slot = slot_of(lun);
    RESPONSECODE (*waiter)(DWORD, int) = wait_for_event;
    switch (tag) {
    case TAG_IFD_ATR:
        *length = slot->atr_length;
        memcpy(value, slot->atr, slot->atr_length);
        return IFD_SUCCESS;
    case TAG_IFD_SLOTS_NUMBER:
        *length = 1, *value = SLOTS;
        return IFD_SUCCESS;
    case TAG_IFD_SLOT_THREAD_SAFE:
    case TAG_IFD_SIMULTANEOUS_ACCESS:
    case TAG_IFD_THREAD_SAFE:
        *length = 1, *value = tag == TAG_IFD_SIMULTANEOUS_ACCESS ? 16 : 1;
        return IFD_SUCCESS;
    case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
        *length = sizeof waiter;
        memcpy(value, &waiter, sizeof waiter);
        return IFD_SUCCESS;
    default:
        return IFD_ERROR_TAG;
    }
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value) {
    (void)lun, (void)tag, (void)length, (void)value;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR p1, UCHAR p2, UCHAR p3) {
    (void)lun, (void)protocol, (void)flags, (void)p1, (void)p2, (void)p3;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length) {
    struct slot *slot = slot_of(lun);
    const unsigned char order = action == IFD_POWER_DOWN ? 0 : action == IFD_RESET ? 2 : 1;
    *length = 0;
    if (is_broken() || !slot->card || !send_message(slot, &order, 1)) return IFD_COMMUNICATION_ERROR;
    if (action == IFD_POWER_DOWN) return IFD_SUCCESS;
    if (!ask_atr(slot)) return IFD_ERROR_POWER_ACTION;
    *length = slot->atr_length;
    memcpy(atr, slot->atr, slot->atr_length);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER sent, PUCHAR command, DWORD size, PUCHAR answer,
                               PDWORD room, PSCARD_IO_HEADER received) {
    struct slot *slot = slot_of(lun);
    (void)received, (void)sent;
    long length = -1;
    if (!is_broken() && slot->card && send_message(slot, command, size))
        length = receive_message(slot, answer, *room);
    *room = length < 0 ? 0 : length;
    return length < 0 ? IFD_COMMUNICATION_ERROR : IFD_SUCCESS;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR in, DWORD in_length, PUCHAR out, DWORD room, LPDWORD length) {
    (void)lun, (void)code, (void)in, (void)in_length, (void)out, (void)room;
    *length = 0;
    return IFD_ERROR_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD lun) {
    struct slot *slot = slot_of(lun);
    struct pollfd news = {slot->card, POLLRDHUP, 0};
    if (is_broken()) return IFD_COMMUNICATION_ERROR;
    if (slot->card && poll(&news, 1, 0) > 0) { /* one lift is told before the next card */
        lift(slot);
        return IFD_ICC_NOT_PRESENT;
    }
    if (!slot->card) {
        struct pollfd knock = {slot->listener, POLLIN, 0};
        struct timeval patience = {10, 0};
        if (poll(&knock, 1, 0) <= 0) return IFD_ICC_NOT_PRESENT;
        slot->card = accept4(slot->listener, NULL, NULL, SOCK_CLOEXEC);
        setsockopt(slot->card, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    return IFD_ICC_PRESENT;
}
