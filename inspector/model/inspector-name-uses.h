/* inspector-name-uses.h - which parts of a message have a named property
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

typedef struct _InspectorNameUses InspectorNameUses;

/* Counts in the message, its recipients and its attachments; message may be NULL */
InspectorNameUses *inspector_name_uses_new      (IMsgMessage       *message);
void               inspector_name_uses_free     (InspectorNameUses *self);
/* As "message, 2 recipients"; empty when nothing has the property */
char              *inspector_name_uses_dup_text (InspectorNameUses *self,
                                                 guint              id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InspectorNameUses, inspector_name_uses_free)

G_END_DECLS
