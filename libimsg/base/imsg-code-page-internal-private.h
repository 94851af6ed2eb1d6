/* imsg-code-page-internal-private.h - what the files of the code pages share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-code-page-private.h"
#include "imsg-code-page-tables-private.h"

G_BEGIN_DECLS

/* Text on its way into a page with escapes or shifts */
typedef struct
{
  const IMsgCodePageInfo *info;
  guint                   mode;
  guint                   has_header : 1;
} IMsgStatefulEncoder;

const IMsgCodePageInfo *_imsg_code_page_get_info         (guint                code_page);
void                    _imsg_code_page_decode_to        (guint                code_page,
                                                          const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
/* The character of a byte that only Windows has in the page; 0 when there is none. */
gunichar                _imsg_code_page_get_exception    (guint                code_page,
                                                          guint8               byte);
/* The byte of a character that only Windows has in the page, or -1. */
int                     _imsg_code_page_get_exception_byte (guint              code_page,
                                                            gunichar           character);

typedef gpointer (*IMsgCodePageTableMaker) (const IMsgCodePageInfo *info);
/* The table of a page, made at its first use by whichever thread comes first, and never freed. */
gconstpointer           _imsg_code_page_get_table        (gpointer            *slot,
                                                          const IMsgCodePageInfo *info,
                                                          IMsgCodePageTableMaker make);

/* The thread's, in its first state; (GIConv) -1 when there is none. The names are static, for they
 * are told apart by address. Opening another may close it. */
GIConv                  _imsg_converter_get              (const char          *to,
                                                          const char          *from);

void                    _imsg_single_byte_decode_to      (const IMsgCodePageInfo *info,
                                                          const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
/* The byte of a character, or -1. */
int                     _imsg_single_byte_encode_character (const IMsgCodePageInfo *info,
                                                            gunichar           character);
void                    _imsg_multi_byte_decode_to       (const IMsgCodePageInfo *info,
                                                          const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
/* How many bytes the character takes; 0 when it has no place. */
gsize                   _imsg_multi_byte_encode_character (const IMsgCodePageInfo *info,
                                                           gunichar            character,
                                                           guint8              out[8]);

void                    _imsg_utf8_repair_to             (const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
void                    _imsg_utf16_decode_to            (gboolean             is_big_endian,
                                                          const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
GBytes                 *_imsg_utf16be_encode             (const char          *text,
                                                          gsize                length);

void                    _imsg_utf32_decode_to            (gboolean             is_big_endian,
                                                          const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
GBytes                 *_imsg_utf32_encode               (gboolean             is_big_endian,
                                                          const char          *text,
                                                          gsize                length);
void                    _imsg_ebcdic_decode_to           (const IMsgCodePageInfo *info,
                                                          const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
/* The byte of a character, or -1. */
int                     _imsg_ebcdic_encode_character    (const IMsgCodePageInfo *info,
                                                          gunichar             character);

void                    _imsg_utf7_decode_to             (const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
GBytes                 *_imsg_utf7_encode                (const char          *text,
                                                          gsize                length);
void                    _imsg_iso2022_jp_decode_to       (const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
void                    _imsg_iso2022_kr_decode_to       (const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
void                    _imsg_iso2022_cn_decode_to       (const IMsgCodePageInfo *info,
                                                          const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
void                    _imsg_hz_decode_to               (const guint8        *bytes,
                                                          gsize                n_bytes,
                                                          GString             *out,
                                                          gsize               *n_replaced);
gboolean                _imsg_stateful_encode_character  (IMsgStatefulEncoder *encoder,
                                                          gunichar             character,
                                                          GByteArray          *out);
void                    _imsg_stateful_encode_finish     (IMsgStatefulEncoder *encoder,
                                                          GByteArray          *out);

G_END_DECLS
