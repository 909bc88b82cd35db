/* Loaded into a private pcscd (LD_PRELOAD) so that its virtual slots are private and quick.

   vpcd listens on every network interface and cannot be told otherwise: bind() is turned to loopback.
   pcscd asks a slot without interrupts for its card every 400 ms: naps of 100 to 999 ms become 20 ms.
   A socket-activated pcscd still writes the pid file of the system's pcscd and removes it when it ends:
   both are refused. It carries on without.
   A program that is killed cannot stop the pcscd it started: so this one watches its parent, and ends after it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NEXT(name, type) ((type)dlsym(RTLD_NEXT, name))

static int is_pid_file(const char *path) {
    const char *name = strrchr(path, '/');
    return name != NULL && strcmp(name, "/pcscd.pid") == 0;
}

int bind(int fd, const struct sockaddr *address, socklen_t length) {
    struct sockaddr_in loopback;
    if (address->sa_family == AF_INET && length >= sizeof loopback) {
        memcpy(&loopback, address, sizeof loopback);
        loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address = (const struct sockaddr *)&loopback;
        length = sizeof loopback;
    }
    return NEXT("bind", int (*)(int, const struct sockaddr *, socklen_t))(fd, address, length);
}

int nanosleep(const struct timespec *asked, struct timespec *left) {
    const struct timespec nap = {0, 20 * 1000 * 1000};
    int poll = asked->tv_sec == 0 && asked->tv_nsec >= 100 * 1000 * 1000;
    return NEXT("nanosleep", int (*)(const struct timespec *, struct timespec *))(poll ? &nap : asked, left);
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (is_pid_file(path)) {
        errno = EACCES;
        return -1;
    }
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    return NEXT("open", int (*)(const char *, int, ...))(path, flags, mode);
}

int remove(const char *path) {
    if (is_pid_file(path)) {
        errno = EACCES;
        return -1;
    }
    return NEXT("remove", int (*)(const char *))(path);
}

static void *end_after_parent(void *unused) {
    pid_t parent = getppid();
    while (getppid() == parent) sleep(1);
    kill(getpid(), SIGTERM);
    return unused;
}

__attribute__((constructor)) static void watch_parent(void) {
    pthread_t watch;
    if (pthread_create(&watch, NULL, end_after_parent, NULL) == 0) pthread_detach(watch);
}
