/* imsg-code-page-private.h - Windows code pages to and from UTF-8
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "imsg-error.h"

G_BEGIN_DECLS

#define IMSG_CODE_PAGE_WINDOWS_1252 1252
#define IMSG_CODE_PAGE_UTF16LE 1200
#define IMSG_CODE_PAGE_UTF8 65001

/* Whether text in it can be decoded. */
gboolean    _imsg_code_page_is_known     (guint        code_page);
/* Its IANA charset name, as MIME wants it ("windows-1252", "iso-2022-jp"); NULL if unknown. */
const char *_imsg_code_page_get_charset  (guint        code_page);
/* From any charset name in use; 0 if unknown. */
guint       _imsg_code_page_from_charset (const char  *charset);
/* The ANSI code page of a Windows locale (LCID). */
guint       _imsg_code_page_from_locale  (guint32      locale_id);
/* The ANSI family of an Internet code page (50220 -> 932); 0 when it has none (65001, 65000). */
guint       _imsg_code_page_get_ansi     (guint        internet_code_page);
/* The page that mail and the Web mean by an ISO page or ASCII: 1252 by 28591 and 20127, 1254 by
 * 28599, 874 by 28601; any other as it is. */
guint       _imsg_code_page_widen        (guint        code_page);
/* Whether a character can take two bytes in it. */
gboolean    _imsg_code_page_is_double_byte (guint      code_page);

/* Whether bytes below 0x80 stand for ASCII characters where a character begins. */
gboolean    _imsg_code_page_is_ascii_compatible (guint code_page);

/* Whether markup and headers can be read in it before anybody knows that it is the one: ASCII stands
 * for itself as long as no escape begins. */
gboolean    _imsg_code_page_has_ascii    (guint        code_page);

/* How many bytes at the start are below 0x80. */
gsize       _imsg_ascii_prefix           (const guint8 *bytes,
                                          gsize         n_bytes);

/* Decodes all of it, never fails: what cannot be decoded becomes U+FFFD (counted in n_replaced,
 * which may be NULL), what the page maps like Windows does (1252's 0x81) comes out so. NULs inside
 * are kept; length_out may be NULL. An unknown page is read as 1252. */
char       *_imsg_code_page_decode       (guint        code_page,
                                          const void  *bytes,
                                          gsize        n_bytes,
                                          gsize       *length_out,
                                          gsize       *n_replaced);
/* Whether the bytes are whole text in it, with nothing to replace. */
gboolean    _imsg_code_page_is_valid     (guint        code_page,
                                          const void  *bytes,
                                          gsize        n_bytes);
/* BAD_CHARWIDTH when a character has no place in the page, UNKNOWN_CODE_PAGE; no terminator. */
GBytes     *_imsg_code_page_encode       (guint        code_page,
                                          const char  *text,
                                          gsize        length,
                                          GError     **error);
/* The same with '?' for what has no place; n_replaced may be NULL. */
GBytes     *_imsg_code_page_encode_lossy (guint        code_page,
                                          const char  *text,
                                          gsize        length,
                                          gsize       *n_replaced);

/* UTF-16LE, an odd last byte dropped, lone surrogates replaced. */
char       *_imsg_utf16_decode           (const void  *bytes,
                                          gsize        n_bytes,
                                          gsize       *length_out,
                                          gsize       *n_replaced);
GBytes     *_imsg_utf16_encode           (const char  *text,
                                          gsize        length);
/* The same into a buffer of at least two bytes for each of the text; returns what it took. */
gsize       _imsg_utf16_encode_to        (const char  *text,
                                          gsize        length,
                                          guint8      *bytes);

/* Bytes of any kind to text for people: valid UTF-8 as it is, else as 1252. */
char       *_imsg_text_make_valid        (const char  *text,
                                          gsize        length);

G_END_DECLS
