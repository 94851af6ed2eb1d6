/* imsg-rtf-words.c - what the control words of RTF do to a reader
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf-reader-private.h"

#include "imsg-code-page-private.h"

#define MAX_FONTS 65536
#define MAX_FONT_NAME 64
#define MAX_COLORS 65535
#define N_WORD_SLOTS 512
#define SYMBOL_CHARSET 2

typedef enum
{
  WORD_AF, WORD_ANSI, WORD_ANSICPG, WORD_B, WORD_BIN, WORD_BLUE, WORD_BULLET, WORD_CB, WORD_CELL,
  WORD_CF, WORD_CHARACTER, WORD_COLORTBL, WORD_CPG, WORD_DBCH, WORD_DEFF, WORD_EMDASH, WORD_ENDASH,
  WORD_F, WORD_FCHARSET, WORD_FIELD_INSTRUCTION, WORD_FIELD_RESULT, WORD_FONTTBL, WORD_FS,
  WORD_GREEN, WORD_HICH, WORD_HTMLRTF, WORD_HTMLTAG, WORD_I, WORD_ILVL, WORD_INTBL, WORD_JPEGBLIP,
  WORD_LDBLQUOTE, WORD_LI, WORD_LINE, WORD_LIST_TEXT, WORD_LOCH, WORD_LQUOTE, WORD_LTRPAR, WORD_MAC,
  WORD_NONSHPPICT, WORD_NOSUPERSUB, WORD_OBJATTPH, WORD_OBJECT, WORD_OTHER_DIRECTION, WORD_PAGE,
  WORD_PAR, WORD_PARD, WORD_PC, WORD_PCA, WORD_PICHGOAL, WORD_PICSCALEX, WORD_PICSCALEY, WORD_PICT,
  WORD_PICWGOAL, WORD_PLAIN, WORD_PNGBLIP, WORD_QC, WORD_QJ, WORD_QL, WORD_QR, WORD_RDBLQUOTE,
  WORD_RED, WORD_RICH_PART, WORD_ROW, WORD_RQUOTE, WORD_RTLPAR, WORD_SHAPE, WORD_SHAPE_PROPERTY,
  WORD_SHAPE_RESULT, WORD_SHAPE_TEXT, WORD_SHPPICT, WORD_SKIP, WORD_STRIKE, WORD_SUB, WORD_SUPER,
  WORD_TAB, WORD_U, WORD_UC, WORD_UL, WORD_ULNONE, WORD_UNICODE_PART, WORD_UPR, WORD_V,
} WordId;

static const struct
{
  const char name[16];
  guint8     id;
} words[] = {
  { "af", WORD_AF }, { "annotation", WORD_SKIP }, { "ansi", WORD_ANSI },
  { "ansicpg", WORD_ANSICPG }, { "b", WORD_B }, { "bin", WORD_BIN }, { "blue", WORD_BLUE },
  { "bullet", WORD_BULLET }, { "cb", WORD_CB }, { "cell", WORD_CELL }, { "cf", WORD_CF },
  { "chcbpat", WORD_CB }, { "colortbl", WORD_COLORTBL }, { "cpg", WORD_CPG }, { "dbch", WORD_DBCH },
  { "deff", WORD_DEFF }, { "deleted", WORD_STRIKE }, { "emdash", WORD_EMDASH },
  { "emspace", WORD_CHARACTER }, { "endash", WORD_ENDASH }, { "enspace", WORD_CHARACTER },
  { "f", WORD_F }, { "fcharset", WORD_FCHARSET }, { "fldinst", WORD_FIELD_INSTRUCTION },
  { "fldrslt", WORD_FIELD_RESULT }, { "fonttbl", WORD_FONTTBL }, { "footer", WORD_SKIP },
  { "footerf", WORD_SKIP }, { "footerl", WORD_SKIP }, { "footerr", WORD_SKIP },
  { "footnote", WORD_SKIP }, { "fs", WORD_FS }, { "ftncn", WORD_SKIP }, { "ftnsep", WORD_SKIP },
  { "ftnsepc", WORD_SKIP }, { "green", WORD_GREEN }, { "header", WORD_SKIP },
  { "headerf", WORD_SKIP }, { "headerl", WORD_SKIP }, { "headerr", WORD_SKIP },
  { "hich", WORD_HICH }, { "highlight", WORD_CB }, { "htmlrtf", WORD_HTMLRTF },
  { "htmltag", WORD_HTMLTAG }, { "i", WORD_I }, { "ilvl", WORD_ILVL }, { "info", WORD_SKIP },
  { "intbl", WORD_INTBL }, { "jpegblip", WORD_JPEGBLIP }, { "ldblquote", WORD_LDBLQUOTE },
  { "li", WORD_LI }, { "line", WORD_LINE }, { "listtext", WORD_LIST_TEXT }, { "loch", WORD_LOCH },
  { "lquote", WORD_LQUOTE }, { "ltrch", WORD_OTHER_DIRECTION }, { "ltrpar", WORD_LTRPAR },
  { "mac", WORD_MAC }, { "mhtmltag", WORD_SKIP }, { "nestcell", WORD_CELL },
  { "nestrow", WORD_ROW }, { "nesttableprops", WORD_RICH_PART }, { "nonesttables", WORD_SKIP },
  { "nonshppict", WORD_NONSHPPICT }, { "nosupersub", WORD_NOSUPERSUB },
  { "objattph", WORD_OBJATTPH }, { "objclass", WORD_SKIP }, { "objdata", WORD_SKIP },
  { "object", WORD_OBJECT }, { "objname", WORD_SKIP }, { "page", WORD_PAGE }, { "par", WORD_PAR },
  { "pard", WORD_PARD }, { "pc", WORD_PC }, { "pca", WORD_PCA }, { "pichgoal", WORD_PICHGOAL },
  { "picscalex", WORD_PICSCALEX }, { "picscaley", WORD_PICSCALEY }, { "pict", WORD_PICT },
  { "picwgoal", WORD_PICWGOAL }, { "plain", WORD_PLAIN }, { "pngblip", WORD_PNGBLIP },
  { "pntext", WORD_LIST_TEXT }, { "private", WORD_SKIP }, { "qc", WORD_QC }, { "qj", WORD_QJ },
  { "ql", WORD_QL }, { "qmspace", WORD_CHARACTER }, { "qr", WORD_QR },
  { "rdblquote", WORD_RDBLQUOTE }, { "red", WORD_RED }, { "row", WORD_ROW },
  { "rquote", WORD_RQUOTE }, { "rtlch", WORD_OTHER_DIRECTION }, { "rtlpar", WORD_RTLPAR },
  { "rxe", WORD_SKIP }, { "sect", WORD_PAR }, { "shp", WORD_SHAPE }, { "shpgrp", WORD_RICH_PART },
  { "shpinst", WORD_RICH_PART }, { "shppict", WORD_SHPPICT }, { "shprslt", WORD_SHAPE_RESULT },
  { "shptxt", WORD_SHAPE_TEXT }, { "sp", WORD_SHAPE_PROPERTY }, { "strike", WORD_STRIKE },
  { "striked", WORD_STRIKE }, { "stylesheet", WORD_SKIP }, { "sub", WORD_SUB },
  { "super", WORD_SUPER }, { "tab", WORD_TAB }, { "tc", WORD_SKIP }, { "tcn", WORD_SKIP },
  { "txe", WORD_SKIP }, { "u", WORD_U }, { "uc", WORD_UC }, { "ud", WORD_UNICODE_PART },
  { "ul", WORD_UL }, { "uld", WORD_UL }, { "uldb", WORD_UL }, { "ulnone", WORD_ULNONE },
  { "ulw", WORD_UL }, { "ulwave", WORD_UL }, { "upr", WORD_UPR }, { "v", WORD_V },
  { "xe", WORD_SKIP }, { "zwj", WORD_CHARACTER }, { "zwnj", WORD_CHARACTER },
};

G_STATIC_ASSERT (G_N_ELEMENTS (words) < 255);

static const struct
{
  gint16  charset;
  guint16 page;
} charset_pages[] = {
  { 0, 1252 }, { SYMBOL_CHARSET, 1252 }, { 77, 10000 }, { 78, 932 }, { 79, 949 }, { 80, 936 },
  { 81, 950 },
  { 128, 932 }, { 129, 949 }, { 130, 1361 }, { 134, 936 }, { 136, 950 }, { 161, 1253 },
  { 162, 1254 }, { 163, 1258 }, { 177, 1255 }, { 178, 1256 }, { 179, 1256 }, { 180, 1256 },
  { 181, 1255 }, { 186, 1257 }, { 204, 1251 }, { 222, 874 }, { 238, 1250 }, { 254, 437 },
  { 255, 850 },
};

/* The page that bytes of RTF in a page are in, 0 when there is none: each is ASCII up to 127. */
static guint32
get_text_page (gint32 code_page)
{
  if (code_page <= 0 || !_imsg_code_page_is_known (code_page))
    return 0;
  if (_imsg_code_page_is_ascii_compatible (code_page))
    return code_page;
  return _imsg_code_page_get_ansi (code_page);
}

/* 0 stands for the page of the document. */
static guint32
charset_to_page (gint32 charset)
{
  for (guint i = 0; i < G_N_ELEMENTS (charset_pages); i++)
    {
      if (charset_pages[i].charset == charset)
        return charset_pages[i].page;
    }
  /* Some writers put the code page itself there. */
  return charset > 255 ? get_text_page (charset) : 0;
}

/* The font table: {\f0\fswiss\fcharset0 Arial;} with or without the inner braces */

void
_imsg_rtf_fonts_finish_font (IMsgRtfReader *self)
{
  IMsgRtfFont *font;

  if (self->current_font >= 0 && g_hash_table_size (self->fonts) < MAX_FONTS)
    {
      font = g_new0 (IMsgRtfFont, 1);
      font->page = get_text_page (self->current_page);
      if (font->page == 0)
        font->page = charset_to_page (self->current_charset);
      font->name = _imsg_code_page_decode (font->page != 0 ? font->page : self->default_page,
                                           self->font_name->str, self->font_name->len, NULL, NULL);
      g_strstrip (font->name);
      font->is_symbol = self->current_charset == SYMBOL_CHARSET;
      g_hash_table_insert (self->fonts, GINT_TO_POINTER (self->current_font), font);
    }
  self->current_font = -1;
  self->current_charset = -1;
  self->current_page = 0;
  g_string_truncate (self->font_name, 0);
}

void
_imsg_rtf_fonts_add_bytes (IMsgRtfReader *self,
                           const guint8  *bytes,
                           gsize          n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] == ';')
        _imsg_rtf_fonts_finish_font (self);
      else if (self->font_name->len < MAX_FONT_NAME)
        g_string_append_c (self->font_name, bytes[i]);
    }
}

/* The colour table: \red0\green0\blue255; and a bare ; for the default */
void
_imsg_rtf_colors_add_bytes (IMsgRtfReader *self,
                            const guint8  *bytes,
                            gsize          n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] == ';' && self->colors->len < MAX_COLORS)
        {
          guint32 color = self->has_color ? self->current_color : G_MAXUINT32;

          g_array_append_val (self->colors, color);
          self->current_color = 0;
          self->has_color = FALSE;
        }
    }
}

static void
set_color_part (IMsgRtfReader *self,
                gint32         value,
                guint          shift)
{
  if (self->state.destination != IMSG_RTF_DESTINATION_COLORS)
    return;
  self->current_color = (self->current_color & ~(0xFFu << shift)) |
                        (guint32) CLAMP (value, 0, 255) << shift;
  self->has_color = TRUE;
}

static void
begin_field_result (IMsgRtfReader *self)
{
  g_autofree char *equation = NULL;
  gunichar symbol;
  char utf8[6];

  if (self->mode != IMSG_RTF_READ_RICH)
    return;
  _imsg_rtf_reader_flush (self);
  g_free (self->link_target);
  self->link_target = _imsg_rtf_field_parse_link (self->instruction->str);
  symbol = _imsg_rtf_field_parse_symbol (self->instruction->str);
  equation = _imsg_rtf_field_parse_equation (self->instruction->str);
  g_string_truncate (self->instruction, 0);
  if (equation != NULL)
    {
      _imsg_rtf_reader_add_text (self, equation, strlen (equation));
      _imsg_rtf_reader_skip_group (self);
      return;
    }
  if (symbol != 0)
    {
      _imsg_rtf_reader_add_text (self, utf8, g_unichar_to_utf8 (symbol, utf8));
      _imsg_rtf_reader_skip_group (self);
      return;
    }
  if (self->link_target == NULL || self->state.is_in_link)
    return;
  _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_LINK_BEGIN);
  self->state.is_in_link = TRUE;
}

static void
set_destination (IMsgRtfReader      *self,
                 IMsgRtfDestination  destination)
{
  _imsg_rtf_reader_flush (self);
  self->state.destination = destination;
}

static void
set_script (IMsgRtfReader *self,
            guint          script)
{
  _imsg_rtf_reader_flush (self);
  self->state.script = script;
  self->state.names_script = TRUE;
  self->state.page = 0;
}

static void
set_font (IMsgRtfReader *self,
          gint32         number)
{
  if (self->state.destination == IMSG_RTF_DESTINATION_FONTS)
    {
      if (self->current_font >= 0)
        _imsg_rtf_fonts_finish_font (self);
      self->current_font = number;
      self->current_charset = -1;
      return;
    }
  _imsg_rtf_reader_flush (self);
  self->state.font = number;
  self->state.associated_fonts[0] = -1;
  if (self->state.script != 2)
    self->state.associated_fonts[self->state.script] = -1;
  self->state.page = 0;
}

static void
reset_character (IMsgRtfReader *self)
{
  IMsgRtfState *state = &self->state;

  _imsg_rtf_reader_flush (self);
  state->font = self->default_font;
  for (guint i = 0; i < G_N_ELEMENTS (state->associated_fonts); i++)
    state->associated_fonts[i] = -1;
  state->page = 0;
  state->script = 0;
  state->size = 24;
  state->color = 0;
  state->background = 0;
  state->is_bold = FALSE;
  state->is_italic = FALSE;
  state->is_underlined = FALSE;
  state->is_struck = FALSE;
  state->is_hidden = FALSE;
  state->is_superscript = FALSE;
  state->is_subscript = FALSE;
}

/* In HTML a quotation mark of a tag is a reference, of the text the character itself. */
static void
add_named_character (IMsgRtfReader *self,
                     const char    *reference,
                     const char    *character)
{
  const char *text = self->state.destination == IMSG_RTF_DESTINATION_TAG ? reference : character;

  _imsg_rtf_reader_add_text (self, text, strlen (text));
}

static guint
hash_word (const char *name,
           gsize       n_name)
{
  guint hash = n_name;

  for (gsize i = 0; i < n_name; i++)
    hash = hash * 31 + (guint8) name[i];
  return hash % N_WORD_SLOTS;
}

/* Positions in words, plus one, by hash; a place that is taken sends on to the next. */
static const guint8 *
get_word_slots (void)
{
  static guint8 slots[N_WORD_SLOTS];
  static gsize are_made = 0;

  if (g_once_init_enter (&are_made))
    {
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        {
          guint slot = hash_word (words[i].name, strlen (words[i].name));

          while (slots[slot] != 0)
            slot = (slot + 1) % N_WORD_SLOTS;
          slots[slot] = i + 1;
        }
      g_once_init_leave (&are_made, 1);
    }
  return slots;
}

static int
find_word (const char *name,
           gsize       n_name)
{
  const guint8 *slots = get_word_slots ();

  if (n_name >= sizeof words[0].name)
    return -1;
  for (guint slot = hash_word (name, n_name); slots[slot] != 0; slot = (slot + 1) % N_WORD_SLOTS)
    {
      const char *word = words[slots[slot] - 1].name;

      if (memcmp (word, name, n_name) == 0 && word[n_name] == '\0')
        return words[slots[slot] - 1].id;
    }
  return -1;
}

static void
add_character_word (IMsgRtfReader *self,
                    const char    *name)
{
  switch (name[0])
    {
    case 'z':
      _imsg_rtf_reader_add_text (self, name[2] == 'j' ? "\xE2\x80\x8D" : "\xE2\x80\x8C", 3);
      break;
    case 'e':
      _imsg_rtf_reader_add_text (self, name[1] == 'm' ? "\xE2\x80\x83" : "\xE2\x80\x82", 3);
      break;
    case 'q':
      _imsg_rtf_reader_add_text (self, "\xE2\x80\x85", 3);
      break;
    default:
      break;
    }
}

/* Words that matter only where RTF is shown for its own sake */
static void
apply_format (IMsgRtfReader *self,
              WordId         word,
              gboolean       is_on,
              gint32         parameter)
{
  IMsgRtfState *state = &self->state;

  _imsg_rtf_reader_flush (self);
  switch (word)
    {
    case WORD_B: state->is_bold = is_on; break;
    case WORD_I: state->is_italic = is_on; break;
    case WORD_UL: state->is_underlined = is_on; break;
    case WORD_ULNONE: state->is_underlined = FALSE; break;
    case WORD_STRIKE: state->is_struck = is_on; break;
    case WORD_V: state->is_hidden = is_on; break;
    case WORD_FS: state->size = CLAMP (parameter, 2, 3276); break;
    case WORD_CF: state->color = CLAMP (parameter, 0, MAX_COLORS); break;
    case WORD_CB: state->background = CLAMP (parameter, 0, MAX_COLORS); break;
    case WORD_SUPER:
      state->is_superscript = is_on;
      state->is_subscript = FALSE;
      break;
    case WORD_SUB:
      state->is_subscript = is_on;
      state->is_superscript = FALSE;
      break;
    case WORD_NOSUPERSUB:
      state->is_superscript = FALSE;
      state->is_subscript = FALSE;
      break;
    case WORD_QL: state->alignment = IMSG_RTF_ALIGN_LEFT; break;
    case WORD_QR: state->alignment = IMSG_RTF_ALIGN_RIGHT; break;
    case WORD_QC: state->alignment = IMSG_RTF_ALIGN_CENTER; break;
    case WORD_QJ: state->alignment = IMSG_RTF_ALIGN_JUSTIFY; break;
    case WORD_ILVL: state->list_level = CLAMP (parameter, 0, 8); break;
    case WORD_LI: state->left_indent = CLAMP (parameter, 0, 31680); break;
    case WORD_RTLPAR: state->is_right_to_left = TRUE; break;
    case WORD_LTRPAR: state->is_right_to_left = FALSE; break;
    case WORD_INTBL: state->is_in_table = TRUE; break;
    case WORD_PARD:
      state->alignment = IMSG_RTF_ALIGN_LEFT;
      state->left_indent = 0;
      state->list_level = 0;
      state->is_in_table = FALSE;
      state->is_right_to_left = FALSE;
      break;
    default:
      g_assert_not_reached ();
    }
}

/* For what only rich text has: elsewhere the group is skipped. */
static gboolean
set_rich_destination (IMsgRtfReader      *self,
                      IMsgRtfDestination  destination)
{
  if (self->mode == IMSG_RTF_READ_RICH)
    set_destination (self, destination);
  else
    _imsg_rtf_reader_skip_group (self);
  return self->mode == IMSG_RTF_READ_RICH;
}

/* Of text that stands there twice, the form for who knows no \u. */
static void
skip_next_group (IMsgRtfReader *self)
{
  while (self->at < self->end && g_ascii_isspace (*self->at))
    self->at++;
  if (self->at == self->end || *self->at != '{')
    return;
  self->at++;
  _imsg_rtf_reader_skip_group (self);
  if (self->at < self->end)
    self->at++;
}

/* Whether a word counts though the group that it begins need not be known. */
static gboolean
may_follow_star (IMsgRtfReader *self,
                 int            word)
{
  switch (word)
    {
    case WORD_HTMLTAG:
    case WORD_FIELD_INSTRUCTION:
    case WORD_UNICODE_PART:
      return TRUE;
    case WORD_SHPPICT:
    case WORD_RICH_PART:
      return self->mode == IMSG_RTF_READ_RICH;
    default:
      return FALSE;
    }
}

/* Words that say what a group is; FALSE for others. */
static gboolean
begin_destination (IMsgRtfReader *self,
                   int            word,
                   gboolean       is_star)
{
  switch (word)
    {
    case WORD_HTMLTAG:
      if (self->mode == IMSG_RTF_READ_HTML)
        set_destination (self, IMSG_RTF_DESTINATION_TAG);
      else if (is_star)
        _imsg_rtf_reader_skip_group (self);
      return TRUE;
    case WORD_FIELD_INSTRUCTION:
      if (set_rich_destination (self, IMSG_RTF_DESTINATION_INSTRUCTION))
        g_string_truncate (self->instruction, 0);
      return TRUE;
    case WORD_FIELD_RESULT:
      begin_field_result (self);
      return TRUE;
    case WORD_SKIP:
      _imsg_rtf_reader_skip_group (self);
      return TRUE;
    case WORD_PICT:
      if (set_rich_destination (self, IMSG_RTF_DESTINATION_PICTURE))
        _imsg_rtf_picture_begin (self);
      return TRUE;
    case WORD_OBJECT:
      /* Its \result is what it looks like. */
      if (self->mode != IMSG_RTF_READ_RICH)
        _imsg_rtf_reader_skip_group (self);
      return TRUE;
    case WORD_LIST_TEXT:
      _imsg_rtf_reader_tell_list_item (self);
      if (set_rich_destination (self, IMSG_RTF_DESTINATION_LIST_TEXT))
        g_string_truncate (self->list_text, 0);
      return TRUE;
    case WORD_FONTTBL:
      set_destination (self, IMSG_RTF_DESTINATION_FONTS);
      self->current_font = -1;
      return TRUE;
    case WORD_COLORTBL:
      set_rich_destination (self, IMSG_RTF_DESTINATION_COLORS);
      return TRUE;
    case WORD_SHPPICT:
      self->has_shape_picture = TRUE;
      return TRUE;
    case WORD_SHAPE:
      self->has_shape_content = FALSE;
      return TRUE;
    case WORD_SHAPE_PROPERTY:
      set_rich_destination (self, IMSG_RTF_DESTINATION_NOTHING);
      return TRUE;
    case WORD_SHAPE_TEXT:
      self->has_shape_content = self->mode == IMSG_RTF_READ_RICH;
      return TRUE;
    case WORD_SHAPE_RESULT:
      /* The shape once more, for who knows none. */
      if (self->has_shape_content)
        _imsg_rtf_reader_skip_group (self);
      return TRUE;
    case WORD_UPR:
      skip_next_group (self);
      return TRUE;
    case WORD_RICH_PART:
    case WORD_UNICODE_PART:
      return TRUE;
    case WORD_NONSHPPICT:
      /* The picture once more, for who did not see the one before. */
      if (self->has_shape_picture || self->mode != IMSG_RTF_READ_RICH)
        _imsg_rtf_reader_skip_group (self);
      return TRUE;
    default:
      return FALSE;
    }
}

/* Words that say of what code page text is; FALSE for others. */
static gboolean
choose_page (IMsgRtfReader *self,
             int            word,
             gint32         parameter)
{
  switch (word)
    {
    case WORD_ANSI: self->default_page = IMSG_CODE_PAGE_WINDOWS_1252; return TRUE;
    case WORD_MAC: self->default_page = 10000; return TRUE;
    case WORD_PC: self->default_page = 437; return TRUE;
    case WORD_PCA: self->default_page = 850; return TRUE;
    case WORD_ANSICPG:
      if (get_text_page (parameter) != 0)
        self->default_page = get_text_page (parameter);
      return TRUE;
    case WORD_FCHARSET: self->current_charset = parameter; return TRUE;
    case WORD_CPG: self->current_page = parameter; return TRUE;
    case WORD_F: set_font (self, parameter); return TRUE;
    case WORD_DEFF:
      self->default_font = parameter;
      self->state.font = parameter;
      self->state.page = 0;
      return TRUE;
    case WORD_PLAIN: reset_character (self); return TRUE;
    case WORD_LOCH: set_script (self, 0); return TRUE;
    case WORD_HICH: set_script (self, 1); return TRUE;
    case WORD_DBCH: set_script (self, 2); return TRUE;
    case WORD_OTHER_DIRECTION: self->state.names_script = FALSE; return TRUE;
    case WORD_AF:
      /* Without \loch, \hich or \dbch before it, it is the font of complex scripts. */
      if (self->state.names_script && self->mode == IMSG_RTF_READ_RICH)
        {
          _imsg_rtf_reader_flush (self);
          self->state.associated_fonts[self->state.script] = parameter;
          self->state.page = 0;
        }
      return TRUE;
    default:
      return FALSE;
    }
}

/* Words that stand for text, or end a part of it; FALSE for others. */
static gboolean
add_text (IMsgRtfReader *self,
          int            word,
          const char    *name,
          gint32         parameter)
{
  switch (word)
    {
    case WORD_UC: self->state.n_fallback = CLAMP (parameter, 0, G_MAXUINT16); return TRUE;
    case WORD_U: _imsg_rtf_reader_add_unicode (self, parameter); return TRUE;
    case WORD_PAR: _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_PARAGRAPH); return TRUE;
    case WORD_LINE: _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_LINE); return TRUE;
    case WORD_TAB: _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_TAB); return TRUE;
    case WORD_LQUOTE: add_named_character (self, "&lsquo;", "\xE2\x80\x98"); return TRUE;
    case WORD_RQUOTE: add_named_character (self, "&rsquo;", "\xE2\x80\x99"); return TRUE;
    case WORD_LDBLQUOTE: add_named_character (self, "&ldquo;", "\xE2\x80\x9C"); return TRUE;
    case WORD_RDBLQUOTE: add_named_character (self, "&rdquo;", "\xE2\x80\x9D"); return TRUE;
    case WORD_BULLET: add_named_character (self, "&bull;", "\xE2\x80\xA2"); return TRUE;
    case WORD_ENDASH: add_named_character (self, "&ndash;", "\xE2\x80\x93"); return TRUE;
    case WORD_EMDASH: add_named_character (self, "&mdash;", "\xE2\x80\x94"); return TRUE;
    case WORD_CHARACTER:
      if (self->mode == IMSG_RTF_READ_RICH)
        add_character_word (self, name);
      return TRUE;
    case WORD_PAGE:
    case WORD_CELL:
    case WORD_ROW:
    case WORD_OBJATTPH:
      if (self->mode == IMSG_RTF_READ_RICH)
        _imsg_rtf_reader_control (self, word == WORD_PAGE   ? IMSG_RTF_CONTROL_PAGE
                                        : word == WORD_CELL ? IMSG_RTF_CONTROL_CELL
                                        : word == WORD_ROW  ? IMSG_RTF_CONTROL_ROW
                                                            : IMSG_RTF_CONTROL_ATTACHMENT);
      return TRUE;
    default:
      return FALSE;
    }
}

void
_imsg_rtf_reader_word (IMsgRtfReader *self,
                       const char    *name,
                       gsize          n_name,
                       gboolean       has_parameter,
                       gint32         parameter)
{
  gboolean is_star = self->state.is_star;
  int word = find_word (name, n_name);

  self->state.is_star = FALSE;
  if (is_star && !may_follow_star (self, word))
    {
      _imsg_rtf_reader_skip_group (self);
      return;
    }
  if (begin_destination (self, word, is_star) || choose_page (self, word, parameter) ||
      add_text (self, word, name, parameter))
    return;

  switch (word)
    {
    case WORD_HTMLRTF:
      /* Where the RTF speaks for itself it is a word that nobody knows. */
      if (self->mode == IMSG_RTF_READ_RICH)
        break;
      _imsg_rtf_reader_flush (self);
      self->state.is_in_htmlrtf = !has_parameter || parameter != 0;
      break;
    case WORD_PNGBLIP: self->picture.kind = IMSG_RTF_PICTURE_PNG; break;
    case WORD_JPEGBLIP: self->picture.kind = IMSG_RTF_PICTURE_JPEG; break;
    case WORD_PICWGOAL: self->picture.width = parameter; break;
    case WORD_PICHGOAL: self->picture.height = parameter; break;
    case WORD_PICSCALEX: self->picture.scale_x = parameter; break;
    case WORD_PICSCALEY: self->picture.scale_y = parameter; break;
    case WORD_BIN:
      if (self->state.destination == IMSG_RTF_DESTINATION_PICTURE && parameter > 0)
        _imsg_rtf_picture_add_binary (self);
      break;
    case WORD_RED: set_color_part (self, parameter, 16); break;
    case WORD_GREEN: set_color_part (self, parameter, 8); break;
    case WORD_BLUE: set_color_part (self, parameter, 0); break;
    case -1:
      break;
    default:
      if (self->mode == IMSG_RTF_READ_RICH)
        apply_format (self, word, !has_parameter || parameter != 0, parameter);
    }
}
