#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// What Linux has beyond POSIX and the Glibc module does not show.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
extern int pthread_setname_np(unsigned long thread, const char *name);
extern int mallopt(int parameter, int value);

// From this size on, memory is the kernel's again as soon as it is freed. Without it, the limit grows with use.
static const int malloc_returns_from = -3;

// The SOCK_ constants come from a header that belongs to no module, so whether Swift sees them depends on which module
// included it first. These belong to this one.
static const int tcp_socket_type = SOCK_STREAM;
static const int nonblocking_socket = SOCK_NONBLOCK;
static const int close_on_exec_socket = SOCK_CLOEXEC;
