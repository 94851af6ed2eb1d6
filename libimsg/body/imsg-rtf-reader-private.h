/* imsg-rtf-reader-private.h - RTF as a sequence of text and controls
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-problem-private.h"

G_BEGIN_DECLS

/* What the reader makes of it: which destinations count, and which escapes are references */
typedef enum
{
  IMSG_RTF_READ_HTML,   /* HTML that RTF encapsulates */
  IMSG_RTF_READ_TEXT,   /* plain text that RTF encapsulates */
  IMSG_RTF_READ_RICH,   /* RTF for its own sake */
} IMsgRtfReadMode;

typedef enum
{
  IMSG_RTF_CONTROL_PARAGRAPH,
  IMSG_RTF_CONTROL_LINE,
  IMSG_RTF_CONTROL_TAB,
  IMSG_RTF_CONTROL_PAGE,
  IMSG_RTF_CONTROL_CELL,
  IMSG_RTF_CONTROL_ROW,
  IMSG_RTF_CONTROL_PICTURE,     /* the reader's picture */
  IMSG_RTF_CONTROL_LIST_ITEM,   /* a paragraph of a list begins: the reader's list_text */
  IMSG_RTF_CONTROL_ATTACHMENT,
  IMSG_RTF_CONTROL_LINK_BEGIN,  /* the reader's link_target */
  IMSG_RTF_CONTROL_LINK_END,
} IMsgRtfControl;

typedef enum
{
  IMSG_RTF_PICTURE_OTHER,
  IMSG_RTF_PICTURE_PNG,
  IMSG_RTF_PICTURE_JPEG,
} IMsgRtfPictureKind;

typedef struct
{
  IMsgRtfPictureKind kind;
  GByteArray        *bytes;
  gint32             width;      /* twips, 0 when it is not told */
  gint32             height;
  gint32             scale_x;    /* per cent */
  gint32             scale_y;
  guint8             high_digit;
  guint              has_high_digit : 1;
} IMsgRtfPicture;

typedef enum
{
  IMSG_RTF_ALIGN_LEFT,
  IMSG_RTF_ALIGN_RIGHT,
  IMSG_RTF_ALIGN_CENTER,
  IMSG_RTF_ALIGN_JUSTIFY,
} IMsgRtfAlignment;

/* What a group saves and restores */
typedef struct
{
  gint32  font;
  gint32  associated_fonts[3]; /* of \loch, \hich, \dbch; -1 for none */
  guint32 page;                /* of the current font, 0 while not looked up */
  gint32  left_indent;         /* twips */
  guint16 n_fallback;          /* \uc */
  guint16 size;                /* half points */
  guint16 color;               /* position in the colour table, 0 for the default */
  guint16 background;
  guint8  destination;
  guint8  script;              /* 0 \loch, 1 \hich, 2 \dbch */
  guint8  alignment;           /* IMsgRtfAlignment */
  guint8  list_level;          /* \ilvl */
  guint   is_in_htmlrtf : 1;
  guint   is_star : 1;         /* \* came: an unknown word makes the group one to skip */
  guint   names_script : 1;    /* the next \af is of .script */
  guint   is_bold : 1;
  guint   is_italic : 1;
  guint   is_underlined : 1;
  guint   is_struck : 1;
  guint   is_hidden : 1;
  guint   is_superscript : 1;
  guint   is_subscript : 1;
  guint   is_in_table : 1;
  guint   is_in_link : 1;
  guint   is_right_to_left : 1;
} IMsgRtfState;

typedef struct
{
  guint32  page;      /* 0 for the default */
  char    *name;
  gboolean is_symbol; /* its codes are no letters */
} IMsgRtfFont;

typedef struct _IMsgRtfReader IMsgRtfReader;

/* FALSE ends the reading. */
typedef gboolean (*IMsgRtfTextFunc)    (IMsgRtfReader  *reader,
                                        const char     *text,
                                        gsize           length,
                                        gpointer        user_data);
typedef gboolean (*IMsgRtfControlFunc) (IMsgRtfReader  *reader,
                                        IMsgRtfControl  control,
                                        gpointer        user_data);

struct _IMsgRtfReader
{
  const guint8      *at;
  const guint8      *end;
  IMsgRtfReadMode    mode;
  IMsgRtfTextFunc    text_func;
  IMsgRtfControlFunc control_func;
  gpointer           user_data;
  GPtrArray         *problems;

  IMsgRtfState       state;
  GArray            *saved;           /* IMsgRtfState, one for each open group */
  gsize              n_unsaved;       /* groups open past the bound of the stack */
  guint32            default_page;
  gint32             default_font;
  GHashTable        *fonts;           /* number -> IMsgRtfFont */
  GArray            *colors;          /* guint32 0xRRGGBB */
  GByteArray        *pending;         /* bytes of text that are not decoded yet */
  GString           *text;            /* decoded, not handed over yet */
  GString           *font_name;       /* of the font that is being read */
  GString           *instruction;     /* of the field that is being read */
  char              *link_target;     /* of the innermost hyperlink that begins */
  GString           *list_text;       /* of the item that begins: its bullet or number */
  IMsgRtfPicture     picture;         /* that is being read */
  const guint8      *binary;          /* what the last \bin passed over */
  gsize              n_binary;
  gint32             current_font;    /* that the font table describes */
  gint32             current_charset;
  gint32             current_page;
  guint32            current_color;
  gsize              n_to_skip;       /* characters of a fallback still to come */
  gsize              n_replaced;
  guint16            high_surrogate;
  gsize              n_after_end;     /* bytes that follow the last brace and say something */
  guint              was_stopped : 1;
  guint              was_too_deep : 1;
  guint              has_color : 1;
  guint              has_shape_picture : 1;
  guint              has_shape_content : 1; /* text, or a picture that can be shown */
  guint              has_list_item : 1;   /* to be told before what comes next */
};

void               _imsg_rtf_reader_init      (IMsgRtfReader      *self,
                                               IMsgRtfReadMode     mode,
                                               const guint8       *rtf,
                                               gsize               n_bytes,
                                               IMsgRtfTextFunc     text_func,
                                               IMsgRtfControlFunc  control_func,
                                               gpointer            user_data,
                                               GPtrArray          *problems);
void               _imsg_rtf_reader_clear     (IMsgRtfReader      *self);
void               _imsg_rtf_reader_run       (IMsgRtfReader      *self);
const IMsgRtfFont *_imsg_rtf_reader_get_font  (IMsgRtfReader      *self);

/* What the files of the reader share */
typedef enum
{
  IMSG_RTF_DESTINATION_BODY,
  IMSG_RTF_DESTINATION_TAG,
  IMSG_RTF_DESTINATION_FONTS,
  IMSG_RTF_DESTINATION_COLORS,
  IMSG_RTF_DESTINATION_INSTRUCTION,
  IMSG_RTF_DESTINATION_LIST_TEXT,
  IMSG_RTF_DESTINATION_PICTURE,
  IMSG_RTF_DESTINATION_NOTHING,   /* of a shape: its pictures count, not its text */
} IMsgRtfDestination;

void               _imsg_rtf_reader_flush       (IMsgRtfReader    *self);
void               _imsg_rtf_reader_add_text    (IMsgRtfReader    *self,
                                                 const char       *text,
                                                 gsize             length);
void               _imsg_rtf_reader_control     (IMsgRtfReader    *self,
                                                 IMsgRtfControl    control);
void               _imsg_rtf_reader_tell_list_item (IMsgRtfReader *self);
void               _imsg_rtf_reader_skip_group  (IMsgRtfReader    *self);
void               _imsg_rtf_reader_word        (IMsgRtfReader    *self,
                                                 const char       *name,
                                                 gsize             n_name,
                                                 gboolean          has_parameter,
                                                 gint32            parameter);
void               _imsg_rtf_reader_add_unicode (IMsgRtfReader    *self,
                                                 gint32            parameter);
void               _imsg_rtf_fonts_add_bytes    (IMsgRtfReader    *self,
                                                 const guint8     *bytes,
                                                 gsize             n_bytes);
void               _imsg_rtf_colors_add_bytes   (IMsgRtfReader    *self,
                                                 const guint8     *bytes,
                                                 gsize             n_bytes);
void               _imsg_rtf_fonts_finish_font  (IMsgRtfReader    *self);
void               _imsg_rtf_picture_begin      (IMsgRtfReader    *self);
void               _imsg_rtf_picture_add_hex    (IMsgRtfReader    *self,
                                                 const guint8     *digits,
                                                 gsize             n_digits);
void               _imsg_rtf_picture_add_binary (IMsgRtfReader    *self);
gboolean           _imsg_rtf_picture_is_sound   (const IMsgRtfPicture *picture);

/* The character of a code in a symbol font; 0 for another font, and where it has none. */
gunichar    _imsg_rtf_find_symbol        (const char *font,
                                          guint       code);
void        _imsg_rtf_translate_symbols  (const char *font,
                                          GString    *text);

/* Of a field: the target of a hyperlink, NULL for another; the character of a SYMBOL, 0 likewise; the
 * text of an EQ, NULL likewise */
char       *_imsg_rtf_field_parse_link     (const char *instruction);
gunichar    _imsg_rtf_field_parse_symbol   (const char *instruction);
char       *_imsg_rtf_field_parse_equation (const char *instruction);

G_END_DECLS
