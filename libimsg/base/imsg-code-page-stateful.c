/* imsg-code-page-stateful.c - encodings with escapes or shifts: ISO-2022 and HZ
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-internal-private.h"

#define REPLACEMENT_UTF8 "\xEF\xBF\xBD"
#define ESCAPE 0x1B
#define SHIFT_OUT 0x0E
#define SHIFT_IN 0x0F

#define CODE_PAGE_GB_2312 936
#define CODE_PAGE_KS_X_1001 949
#define CODE_PAGE_SHIFT_JIS 932
#define CODE_PAGE_EUC_JP 20932
#define CODE_PAGE_EUC_TW 51950

enum
{
  MODE_ASCII,
  MODE_DOUBLE,     /* JIS X 0208, KS X 1001, GB 2312: the set of the encoding */
  MODE_JIS_X_0212,
  MODE_KATAKANA,
  MODE_GB_2312,    /* in Japanese text */
  MODE_KS_X_1001,  /* likewise */
};

/* These encodings are rewritten as the 8-bit page of the same character set, which a converter
 * reads; bytes over 127, which have no business there, then read as that page too: mail that
 * declares ISO-2022-JP and is Shift-JIS comes out right. */
typedef struct
{
  const IMsgCodePageInfo *info; /* the multi-byte page that is written instead */
  GByteArray             *pending;
  GString                *out;
  gsize                  *n_replaced;
} Rewriter;

static void
rewriter_flush (Rewriter *rewriter)
{
  _imsg_multi_byte_decode_to (rewriter->info, rewriter->pending->data, rewriter->pending->len,
                              rewriter->out, rewriter->n_replaced);
  g_byte_array_set_size (rewriter->pending, 0);
}

static void
rewriter_init (Rewriter *rewriter,
               guint     code_page,
               GString  *out,
               gsize    *n_replaced)
{
  rewriter->info = _imsg_code_page_get_info (code_page);
  rewriter->pending = g_byte_array_new ();
  rewriter->out = out;
  rewriter->n_replaced = n_replaced;
}

static void
rewriter_clear (Rewriter *rewriter)
{
  rewriter_flush (rewriter);
  g_byte_array_unref (rewriter->pending);
}

/* The page that is written from here on; ASCII is the same in all of them. */
static void
rewriter_set_page (Rewriter *rewriter,
                   guint     code_page)
{
  if (rewriter->info->code_page == code_page)
    return;
  rewriter_flush (rewriter);
  rewriter->info = _imsg_code_page_get_info (code_page);
}

static void
rewriter_add (Rewriter *rewriter,
              guint8    byte)
{
  g_byte_array_append (rewriter->pending, &byte, 1);
  /* Keeps the copy small; after a byte under 0x30 no character is open. */
  if (rewriter->pending->len > 65536 && byte < 0x30)
    rewriter_flush (rewriter);
}

/* Two bytes of ISO 2022 as EUC has them */
static void
rewriter_add_pair (Rewriter     *rewriter,
                   const guint8  bytes[2])
{
  rewriter_add (rewriter, bytes[0] | 0x80);
  rewriter_add (rewriter, bytes[1] | 0x80);
}

static void
rewriter_add_replacement (Rewriter *rewriter)
{
  rewriter_flush (rewriter);
  g_string_append_len (rewriter->out, REPLACEMENT_UTF8, 3);
  (*rewriter->n_replaced)++;
}

static gboolean
is_94 (guint8 byte)
{
  return byte >= 0x21 && byte <= 0x7E;
}

/* ISO-2022-JP, with what 50221 and 50222 add */

/* The length of the escape at the start, with its mode; 0 when it is none of ours. */
static gsize
match_japanese_escape (const guint8 *bytes,
                       gsize         n_bytes,
                       guint        *mode)
{
  static const struct
  {
    const char *escape;
    guint       mode;
  } escapes[] = {
    { "\x1B(B", MODE_ASCII }, { "\x1B(J", MODE_ASCII }, { "\x1B(H", MODE_ASCII },
    { "\x1B(I", MODE_KATAKANA },
    { "\x1B$@", MODE_DOUBLE }, { "\x1B$B", MODE_DOUBLE }, { "\x1B$(@", MODE_DOUBLE },
    { "\x1B$(B", MODE_DOUBLE }, { "\x1B$(O", MODE_DOUBLE }, { "\x1B$(Q", MODE_DOUBLE },
    { "\x1B$(D", MODE_JIS_X_0212 }, { "\x1B$A", MODE_GB_2312 }, { "\x1B$(C", MODE_KS_X_1001 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      gsize n = strlen (escapes[i].escape);

      if (n <= n_bytes && memcmp (bytes, escapes[i].escape, n) == 0)
        {
          *mode = escapes[i].mode;
          return n;
        }
    }
  return 0;
}

static void
jis_to_shift_jis (guint8  row,
                  guint8  cell,
                  guint8 *lead,
                  guint8 *trail)
{
  *lead = ((row - 0x21) >> 1) + 0x81;
  if (*lead > 0x9F)
    *lead += 0x40;
  *trail = row & 1 ? cell + 0x1F + (cell >= 0x60 ? 1 : 0) : cell + 0x7E;
}

void
_imsg_iso2022_jp_decode_to (const guint8 *bytes,
                            gsize         n_bytes,
                            GString      *out,
                            gsize        *n_replaced)
{
  guint mode = MODE_ASCII;
  gboolean is_shifted = FALSE;
  Rewriter rewriter;
  gsize i = 0;

  rewriter_init (&rewriter, CODE_PAGE_SHIFT_JIS, out, n_replaced);
  while (i < n_bytes)
    {
      guint8 byte = bytes[i];
      gsize n_escape;

      if (byte == ESCAPE && (n_escape = match_japanese_escape (bytes + i, n_bytes - i, &mode)) > 0)
        {
          is_shifted = FALSE;
          i += n_escape;
        }
      else if (byte == SHIFT_OUT || byte == SHIFT_IN)
        {
          is_shifted = byte == SHIFT_OUT;
          i++;
        }
      else if (!is_94 (byte))
        {
          /* Every line begins in ASCII, whatever the one before forgot. */
          if (byte == '\n' || byte == '\r')
            mode = MODE_ASCII;
          if (byte >= 0x80)
            rewriter_set_page (&rewriter, CODE_PAGE_SHIFT_JIS);
          rewriter_add (&rewriter, byte);
          i++;
          /* A plain Shift-JIS character goes over whole: its trail may look like anything. */
          if (((byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC)) && i < n_bytes &&
              bytes[i] >= 0x40)
            rewriter_add (&rewriter, bytes[i++]);
        }
      else if (is_shifted || mode == MODE_KATAKANA)
        {
          rewriter_set_page (&rewriter, CODE_PAGE_SHIFT_JIS);
          if (byte <= 0x5F)
            rewriter_add (&rewriter, byte + 0x80);
          else
            rewriter_add_replacement (&rewriter);
          i++;
        }
      else if (mode == MODE_ASCII)
        {
          rewriter_add (&rewriter, byte);
          i++;
        }
      else if (i + 1 == n_bytes || !is_94 (bytes[i + 1]))
        {
          rewriter_add_replacement (&rewriter);
          i++;
        }
      else if (mode != MODE_DOUBLE)
        {
          rewriter_set_page (&rewriter, mode == MODE_JIS_X_0212  ? CODE_PAGE_EUC_JP
                                        : mode == MODE_KS_X_1001 ? CODE_PAGE_KS_X_1001
                                                                 : CODE_PAGE_GB_2312);
          if (mode == MODE_JIS_X_0212)
            rewriter_add (&rewriter, 0x8F);
          rewriter_add_pair (&rewriter, bytes + i);
          i += 2;
        }
      else
        {
          guint8 lead;
          guint8 trail;

          rewriter_set_page (&rewriter, CODE_PAGE_SHIFT_JIS);
          jis_to_shift_jis (byte, bytes[i + 1], &lead, &trail);
          rewriter_add (&rewriter, lead);
          rewriter_add (&rewriter, trail);
          i += 2;
        }
    }
  rewriter_clear (&rewriter);
}

/* ISO-2022-CN: GB 2312, or the planes of CNS 11643, of which EUC-TW has all */

typedef struct
{
  guint    shifted_page;   /* of what is shifted out */
  guint    third_plane;    /* of the third set */
  gboolean is_shifted;
} ChineseState;

/* How many bytes at the start say in what the others are; 0 for none. */
static gsize
read_chinese_escape (ChineseState *state,
                     const guint8 *bytes,
                     gsize         n_bytes)
{
  if (bytes[0] == SHIFT_OUT || bytes[0] == SHIFT_IN)
    {
      state->is_shifted = bytes[0] == SHIFT_OUT;
      return 1;
    }
  if (n_bytes < 4 || bytes[0] != ESCAPE || bytes[1] != '$')
    return 0;
  if (bytes[2] == ')' && (bytes[3] == 'A' || bytes[3] == 'E' || bytes[3] == 'G'))
    state->shifted_page = bytes[3] == 'G' ? CODE_PAGE_EUC_TW : CODE_PAGE_GB_2312;
  else if (bytes[2] == '+' && bytes[3] >= 'I' && bytes[3] <= 'M')
    state->third_plane = 3 + bytes[3] - 'I';
  else if (bytes[2] != '*' || bytes[3] != 'H')
    return 0;
  return 4;
}

void
_imsg_iso2022_cn_decode_to (const IMsgCodePageInfo *info,
                            const guint8           *bytes,
                            gsize                   n_bytes,
                            GString                *out,
                            gsize                  *n_replaced)
{
  ChineseState state = { info->ansi == CODE_PAGE_GB_2312 ? CODE_PAGE_GB_2312 : CODE_PAGE_EUC_TW, 3,
                         FALSE };
  Rewriter rewriter;
  gsize i = 0;

  rewriter_init (&rewriter, info->ansi, out, n_replaced);
  while (i < n_bytes)
    {
      const guint8 *at = bytes + i;
      gsize n_left = n_bytes - i;
      gsize n_escape = read_chinese_escape (&state, at, n_left);

      if (n_escape > 0)
        i += n_escape;
      else if (n_left >= 4 && at[0] == ESCAPE && (at[1] == 'N' || at[1] == 'O') && is_94 (at[2]) &&
               is_94 (at[3]))
        {
          /* One character of the second set, or of the third */
          rewriter_set_page (&rewriter, CODE_PAGE_EUC_TW);
          rewriter_add (&rewriter, 0x8E);
          rewriter_add (&rewriter, 0xA0 + (at[1] == 'N' ? 2 : state.third_plane));
          rewriter_add_pair (&rewriter, at + 2);
          i += 4;
        }
      else if (!state.is_shifted || !is_94 (at[0]))
        {
          if (at[0] == '\n' || at[0] == '\r')
            state.is_shifted = FALSE;
          if (at[0] >= 0x80)
            rewriter_set_page (&rewriter, info->ansi);
          rewriter_add (&rewriter, at[0]);
          i++;
        }
      else if (n_left >= 2 && is_94 (at[1]))
        {
          rewriter_set_page (&rewriter, state.shifted_page);
          rewriter_add_pair (&rewriter, at);
          i += 2;
        }
      else
        {
          rewriter_add_replacement (&rewriter);
          i++;
        }
    }
  rewriter_clear (&rewriter);
}

/* ISO-2022-KR and HZ */

void
_imsg_iso2022_kr_decode_to (const guint8 *bytes,
                            gsize         n_bytes,
                            GString      *out,
                            gsize        *n_replaced)
{
  static const char header[] = "\x1B$)C";
  gboolean is_shifted = FALSE;
  Rewriter rewriter;
  gsize i = 0;

  rewriter_init (&rewriter, CODE_PAGE_KS_X_1001, out, n_replaced);
  while (i < n_bytes)
    {
      guint8 byte = bytes[i];

      if (byte == ESCAPE && n_bytes - i >= 4 && memcmp (bytes + i, header, 4) == 0)
        {
          i += 4;
          continue;
        }
      i++;
      if (byte == SHIFT_OUT || byte == SHIFT_IN)
        is_shifted = byte == SHIFT_OUT;
      else if (!is_shifted || !is_94 (byte))
        {
          if (byte == '\n' || byte == '\r')
            is_shifted = FALSE;
          rewriter_add (&rewriter, byte);
        }
      else if (i < n_bytes && is_94 (bytes[i]))
        {
          rewriter_add_pair (&rewriter, bytes + i - 1);
          i++;
        }
      else
        rewriter_add_replacement (&rewriter);
    }
  rewriter_clear (&rewriter);
}

void
_imsg_hz_decode_to (const guint8 *bytes,
                    gsize         n_bytes,
                    GString      *out,
                    gsize        *n_replaced)
{
  gboolean is_shifted = FALSE;
  Rewriter rewriter;
  gsize i = 0;

  rewriter_init (&rewriter, CODE_PAGE_GB_2312, out, n_replaced);
  while (i < n_bytes)
    {
      guint8 byte = bytes[i++];
      guint8 next = i < n_bytes ? bytes[i] : 0;

      if (byte == '~' && (next == '{' || next == '}'))
        {
          is_shifted = next == '{';
          i++;
        }
      else if (byte == '~' && next == '~' && !is_shifted)
        {
          rewriter_add (&rewriter, '~');
          i++;
        }
      else if (byte == '~' && next == '\n')
        {
          is_shifted = FALSE;
          i++;
        }
      else if (!is_shifted || !is_94 (byte))
        {
          if (byte == '\n')
            is_shifted = FALSE;
          rewriter_add (&rewriter, byte);
        }
      else if (is_94 (next))
        {
          rewriter_add_pair (&rewriter, bytes + i - 1);
          i++;
        }
      else
        rewriter_add_replacement (&rewriter);
    }
  rewriter_clear (&rewriter);
}

/* The way back */

/* Full-width forms of U+FF61 to U+FF9F, which 50220 has instead */
static const guint16 full_width_katakana[] = {
  0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3,
  0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF,
  0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8,
  0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF,
  0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF,
  0x30F3, 0x309B, 0x309C,
};

static void
append_text (GByteArray *out,
             const char *text)
{
  g_byte_array_append (out, (const guint8 *) text, strlen (text));
}

static void
enter_mode (IMsgStatefulEncoder *encoder,
            guint                mode,
            GByteArray          *out)
{
  if (encoder->mode == mode)
    return;
  encoder->mode = mode;
  switch (encoder->info->kind)
    {
    case IMSG_CODE_PAGE_KIND_ISO2022_JP:
      append_text (out, mode == MODE_DOUBLE     ? "\x1B$B"
                        : mode == MODE_KATAKANA ? "\x1B(I"
                                                : "\x1B(B");
      break;
    case IMSG_CODE_PAGE_KIND_ISO2022_KR:
      append_text (out, mode == MODE_DOUBLE ? "\x0E" : "\x0F");
      break;
    case IMSG_CODE_PAGE_KIND_ISO2022_CN:
      /* What a line announces holds to its end, so each stretch announces it. */
      append_text (out, mode != MODE_DOUBLE                        ? "\x0F"
                        : encoder->info->ansi == CODE_PAGE_GB_2312 ? "\x1B$)A\x0E"
                                                                   : "\x1B$)G\x0E");
      break;
    default:
      append_text (out, mode == MODE_DOUBLE ? "~{" : "~}");
    }
}

/* A character of IBM's extension (FA40 to FC4B) has a twin in the rows NEC chose, which JIS can
 * express: FA5C and on lie at ED40, the few before them at EEEF and EEF9. */
static gboolean
move_ibm_extension (guint8 *lead,
                    guint8 *trail)
{
  guint index = (*lead - 0xFA) * 188 + *trail - 0x40 - (*trail > 0x7F ? 1 : 0);

  if (index < 10)
    index += 362;
  else if (index >= 20 && index < 24)
    index += 352;
  else if (index >= 28)
    index -= 28;
  else
    return FALSE;
  *lead = 0xED + index / 188;
  *trail = 0x40 + index % 188;
  if (*trail >= 0x7F)
    (*trail)++;
  return TRUE;
}

static gboolean
encode_japanese (IMsgStatefulEncoder *encoder,
                 gunichar             character,
                 GByteArray          *out)
{
  guint8 bytes[8];
  guint8 pair[2];
  guint8 lead;
  guint8 trail;
  gsize n;

  if (encoder->info->code_page == 50220 && character >= 0xFF61 && character <= 0xFF9F)
    character = full_width_katakana[character - 0xFF61];
  n = _imsg_multi_byte_encode_character (_imsg_code_page_get_info (932), character, bytes);
  if (n == 1 && bytes[0] < 0x80)
    {
      enter_mode (encoder, MODE_ASCII, out);
      g_byte_array_append (out, bytes, 1);
      return TRUE;
    }
  if (n == 1 && bytes[0] >= 0xA1 && bytes[0] <= 0xDF)
    {
      enter_mode (encoder, MODE_KATAKANA, out);
      bytes[0] -= 0x80;
      g_byte_array_append (out, bytes, 1);
      return TRUE;
    }
  if (n != 2)
    return FALSE;
  lead = bytes[0];
  trail = bytes[1];
  if (lead >= 0xFA && !move_ibm_extension (&lead, &trail))
    return FALSE;
  if (lead >= 0xF0)
    return FALSE;
  pair[0] = (lead - (lead >= 0xE0 ? 0xC1 : 0x81)) * 2 + 0x21;
  if (trail >= 0x9F)
    {
      pair[0]++;
      pair[1] = trail - 0x7E;
    }
  else
    pair[1] = trail - 0x1F - (trail >= 0x80 ? 1 : 0);
  enter_mode (encoder, MODE_DOUBLE, out);
  g_byte_array_append (out, pair, 2);
  return TRUE;
}

/* A character of the planes that ISO-2022-CN has, in EUC-TW */
static gboolean
encode_taiwanese (IMsgStatefulEncoder *encoder,
                  const guint8        *euc,
                  gsize                n_bytes,
                  GByteArray          *out)
{
  guint8 pair[2] = { euc[n_bytes - 2] & 0x7F, euc[n_bytes - 1] & 0x7F };

  if (n_bytes == 2)
    enter_mode (encoder, MODE_DOUBLE, out);
  else if (n_bytes == 4 && euc[1] == 0xA2)
    append_text (out, "\x1B$*H\x1BN");
  else
    return FALSE;
  g_byte_array_append (out, pair, 2);
  return TRUE;
}

/* FALSE when the character has no place. */
gboolean
_imsg_stateful_encode_character (IMsgStatefulEncoder *encoder,
                                 gunichar             character,
                                 GByteArray          *out)
{
  gboolean is_korean = encoder->info->kind == IMSG_CODE_PAGE_KIND_ISO2022_KR;
  guint8 bytes[8];
  gsize n;

  /* As text these would be read as what they announce. */
  if (encoder->info->kind != IMSG_CODE_PAGE_KIND_HZ &&
      (character == ESCAPE || character == SHIFT_OUT || character == SHIFT_IN))
    return FALSE;
  if (encoder->info->kind == IMSG_CODE_PAGE_KIND_ISO2022_JP)
    return encode_japanese (encoder, character, out);

  if (is_korean && !encoder->has_header)
    {
      append_text (out, "\x1B$)C");
      encoder->has_header = TRUE;
    }
  if (character < 0x80)
    {
      bytes[0] = character;
      enter_mode (encoder, MODE_ASCII, out);
      g_byte_array_append (out, bytes, 1);
      if (character == '~' && encoder->info->kind == IMSG_CODE_PAGE_KIND_HZ)
        g_byte_array_append (out, bytes, 1);
      return TRUE;
    }
  if (encoder->info->kind == IMSG_CODE_PAGE_KIND_ISO2022_CN &&
      encoder->info->ansi != CODE_PAGE_GB_2312)
    {
      n = _imsg_multi_byte_encode_character (_imsg_code_page_get_info (CODE_PAGE_EUC_TW), character,
                                             bytes);
      return n >= 2 && encode_taiwanese (encoder, bytes, n, out);
    }
  n = _imsg_multi_byte_encode_character (_imsg_code_page_get_info (encoder->info->ansi), character,
                                         bytes);
  if (n != 2 || bytes[0] < 0xA1 || bytes[1] < 0xA1 || (!is_korean && bytes[0] > 0xF7))
    return FALSE;
  bytes[0] &= 0x7F;
  bytes[1] &= 0x7F;
  enter_mode (encoder, MODE_DOUBLE, out);
  g_byte_array_append (out, bytes, 2);
  return TRUE;
}

void
_imsg_stateful_encode_finish (IMsgStatefulEncoder *encoder,
                              GByteArray          *out)
{
  enter_mode (encoder, MODE_ASCII, out);
}
