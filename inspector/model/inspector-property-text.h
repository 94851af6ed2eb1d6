/* inspector-property-text.h - what is said of a property in lists, searches and copies
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

char *inspector_property_dup_title      (IMsgProperty *property,
                                         gboolean      specification_names);
char *inspector_property_dup_line       (IMsgProperty *property);
char *inspector_property_dup_attributes (IMsgProperty *property,
                                         gboolean      spoken);
char *inspector_property_dup_sentence   (IMsgProperty *property,
                                         gboolean      has_draft);
char *inspector_property_dup_facts      (IMsgProperty *property);
char *inspector_property_dup_name_key   (IMsgProperty *property);
char *inspector_property_dup_set        (IMsgProperty *property);
char *inspector_property_dup_other_names (IMsgProperty *property);
/* Where the value comes from, in a word */
const char *inspector_property_get_origin_word (IMsgProperty *property);
/* All that a search looks at, case-folded */
char *inspector_property_dup_haystack   (IMsgProperty *property);
/* "value", "tag", "c", "hex", "json" or "row"; NULL when there is no such form of it */
char *inspector_property_dup_copy       (IMsgProperty *property,
                                         const char   *form);
char *inspector_property_dup_plain_name (const char   *canonical_name);

G_END_DECLS
