/* imsg-html-private.h - HTML bodies: their charset, text out of them and into them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a charset must be declared, and where it is looked for */
#define IMSG_HTML_PROLOG_SIZE 4096

/* UTF-8 in, UTF-8 out, lines ending in CR LF; little more than max_bytes, with a problem when there
 * would be. */
char  *_imsg_html_to_text      (const char *html,
                                gsize       length,
                                gsize       max_bytes,
                                gsize      *length_out,
                                GPtrArray  *problems);
char  *_imsg_html_from_text    (const char *text,
                                gsize       length,
                                gsize       max_bytes,
                                gsize      *length_out,
                                GPtrArray  *problems);
/* What <meta charset> or http-equiv names, else an XML declaration; NULL when nothing does. */
char  *_imsg_html_find_charset (const void *html,
                                gsize       n_bytes);
/* UTF-8 in which each that names another charset names this one; html itself where none does. */
GBytes *_imsg_html_declare_utf8 (GBytes    *html);
/* The character a reference stands for, appended; the bytes it takes from the & on, 0 for none. */
gsize  _imsg_html_append_reference (GString    *out,
                                    const char *html,
                                    gsize       length,
                                    gboolean    is_attribute);
void   _imsg_html_append_escaped   (GString    *out,
                                    const char *text,
                                    gsize       length);

typedef enum
{
  IMSG_HTML_DECIMAL,
  IMSG_HTML_LOWER_LETTERS,
  IMSG_HTML_UPPER_LETTERS,
  IMSG_HTML_LOWER_ROMAN,
  IMSG_HTML_UPPER_ROMAN,
} IMsgHtmlNumbering;

/* Values of attributes; each may be NULL where the element has none. */

/* Its references read, and cut where it is very long */
char              *_imsg_html_dup_attribute   (const char        *value,
                                               gsize              length);
/* A number of a list as it is written; 0 for none that counts. */
guint              _imsg_html_parse_number    (const char        *text);
IMsgHtmlNumbering  _imsg_html_parse_numbering (const char        *type,
                                               const char        *style);
void               _imsg_html_append_number   (GString           *out,
                                               IMsgHtmlNumbering  numbering,
                                               guint              number);
/* Whether a <blockquote> quotes somebody's mail, and is no mere indentation */
gboolean           _imsg_html_is_citation     (const char        *type,
                                               const char        *class,
                                               const char        *id,
                                               const char        *style);

/* The names of the HTML standard: in the pool the name, a NUL, what it stands for, a NUL */
typedef struct
{
  guint16 offset;
  guint8  n_name;
  guint8  is_bare;   /* counts without its semicolon too */
} IMsgHtmlEntity;

extern const char _imsg_html_entity_pool[];
extern const IMsgHtmlEntity _imsg_html_entities[];    /* sorted by name */
extern const guint _imsg_n_html_entities;

G_END_DECLS
