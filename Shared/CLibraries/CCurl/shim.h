#include <curl/curl.h>

// The setters and getters of libcurl are variadic, which Swift cannot call. The parentheses avoid the type-checking
// macros of the same names.

static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode curl_set_write(CURL *handle, CURLoption option, curl_write_callback callback) {
  return (curl_easy_setopt)(handle, option, callback);
}

static inline CURLcode curl_set_read(CURL *handle, CURLoption option, curl_read_callback callback) {
  return (curl_easy_setopt)(handle, option, callback);
}

static inline CURLcode curl_set_open_socket(CURL *handle, curl_opensocket_callback callback) {
  return (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline CURLcode curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode curl_get_pointer(CURL *handle, CURLINFO info, void *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLMcode curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}

// A union in a message that only this library's headers define.
static inline CURLcode curl_message_result(const CURLMsg *message) { return message->data.result; }
