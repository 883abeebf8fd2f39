// The part of Pango and Cairo that documents use, declared here instead of included: their pkg-config file asks for
// `-pthread`, which the package manager refuses with a warning. A test compiles this file after the real headers, so
// that a prototype or a constant which differs from theirs is an error.
#ifndef CPANGO_SHIM_H
#define CPANGO_SHIM_H

#include <stddef.h>
#include <stdint.h>

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;
typedef struct _cairo_font_options cairo_font_options_t;
typedef struct _PangoContext PangoContext;
typedef struct _PangoLayout PangoLayout;
typedef struct _PangoFontMap PangoFontMap;
typedef struct _PangoFontDescription PangoFontDescription;
typedef struct _PangoAttrList PangoAttrList;
typedef struct _PangoAttribute PangoAttribute;
typedef struct _PangoLanguage PangoLanguage;
typedef struct _PangoFont PangoFont;
typedef struct _PangoLayoutIter PangoLayoutIter;
typedef struct _PangoGlyphItem PangoLayoutRun;
typedef struct _PangoCairoFont PangoCairoFont;
typedef struct hb_font_t hb_font_t;
typedef struct _cairo_scaled_font cairo_scaled_font_t;

#ifndef PANGO_VERSION_MAJOR
typedef unsigned int cairo_status_t;
typedef unsigned int cairo_hint_style_t;
typedef unsigned int cairo_hint_metrics_t;
typedef unsigned int cairo_pdf_metadata_t;
typedef cairo_status_t (*cairo_write_func_t)(void *closure, const unsigned char *data, unsigned int length);
typedef unsigned int cairo_text_cluster_flags_t;
typedef struct {
  unsigned long index;
  double x;
  double y;
} cairo_glyph_t;
typedef struct {
  int num_bytes;
  int num_glyphs;
} cairo_text_cluster_t;
typedef unsigned int PangoAlignment;
typedef unsigned int PangoDirection;
typedef unsigned int PangoWrapMode;
typedef unsigned int PangoEllipsizeMode;
typedef unsigned int PangoWeight;
typedef struct {
  int x;
  int y;
  int width;
  int height;
} PangoRectangle;
typedef int GUnicodeScript;
#endif

enum {
  CPangoStatusSuccess = 0,
  CPangoHintStyleNone = 1,
  CPangoHintMetricsOff = 1,
  CPangoMetadataTitle = 0,
  CPangoMetadataAuthor = 1,
  CPangoMetadataSubject = 2,
  CPangoMetadataCreator = 4,
  CPangoMetadataCreateDate = 5,
  CPangoAlignLeft = 0,
  CPangoAlignRight = 2,
  CPangoWrapWordChar = 2,
  CPangoEllipsizeEnd = 3,
  CPangoWeightNormal = 400,
  CPangoWeightBold = 700,
  CPangoUnitsPerPoint = 1024,
  CPangoDirectionRightToLeft = 1,
  CPangoGlyphEmpty = 0x0FFFFFFF,
};

// The leading members of Pango's own structures, as they are read from a shaped run.
typedef struct {
  uint32_t glyph;
  int width;
  int x_offset;
  int y_offset;
  unsigned int attributes;
} CPangoGlyphInfo;

typedef struct {
  int num_glyphs;
  CPangoGlyphInfo *glyphs;
  int *log_clusters;
} CPangoGlyphString;

typedef struct {
  int offset;
  int length;
  int num_chars;
  void *shape_engine;
  void *language_engine;
  PangoFont *font;
  uint8_t level;
} CPangoItem;

typedef struct {
  CPangoItem *item;
  CPangoGlyphString *glyphs;
} CPangoRun;

cairo_surface_t *cairo_pdf_surface_create_for_stream(
    cairo_write_func_t write, void *closure, double width_in_points, double height_in_points);
void cairo_pdf_surface_set_metadata(cairo_surface_t *surface, cairo_pdf_metadata_t metadata, const char *utf8);
void cairo_surface_finish(cairo_surface_t *surface);
cairo_status_t cairo_surface_status(cairo_surface_t *surface);
void cairo_surface_destroy(cairo_surface_t *surface);
const char *cairo_status_to_string(cairo_status_t status);

cairo_t *cairo_create(cairo_surface_t *target);
void cairo_destroy(cairo_t *cr);
cairo_status_t cairo_status(cairo_t *cr);
void cairo_show_page(cairo_t *cr);
void cairo_save(cairo_t *cr);
void cairo_restore(cairo_t *cr);
void cairo_translate(cairo_t *cr, double tx, double ty);
void cairo_rotate(cairo_t *cr, double angle);
void cairo_move_to(cairo_t *cr, double x, double y);
void cairo_line_to(cairo_t *cr, double x, double y);
void cairo_rectangle(cairo_t *cr, double x, double y, double width, double height);
void cairo_set_source_rgb(cairo_t *cr, double red, double green, double blue);
void cairo_set_line_width(cairo_t *cr, double width);
void cairo_stroke(cairo_t *cr);
void cairo_fill(cairo_t *cr);

cairo_font_options_t *cairo_font_options_create(void);
void cairo_font_options_set_hint_style(cairo_font_options_t *options, cairo_hint_style_t hint_style);
void cairo_font_options_set_hint_metrics(cairo_font_options_t *options, cairo_hint_metrics_t hint_metrics);
void cairo_font_options_destroy(cairo_font_options_t *options);

PangoFontMap *pango_cairo_font_map_new(void);
PangoContext *pango_font_map_create_context(PangoFontMap *fontmap);
void pango_cairo_context_set_font_options(PangoContext *context, const cairo_font_options_t *options);
void pango_context_set_round_glyph_positions(PangoContext *context, int round_positions);
void pango_context_set_language(PangoContext *context, PangoLanguage *language);
PangoLanguage *pango_language_from_string(const char *language);

PangoFontDescription *pango_font_description_new(void);
void pango_font_description_set_family(PangoFontDescription *desc, const char *family);
void pango_font_description_set_weight(PangoFontDescription *desc, PangoWeight weight);
void pango_font_description_set_absolute_size(PangoFontDescription *desc, double size);
void pango_font_description_free(PangoFontDescription *desc);

PangoAttrList *pango_attr_list_new(void);
void pango_attr_list_insert(PangoAttrList *list, PangoAttribute *attr);
void pango_attr_list_unref(PangoAttrList *list);
PangoAttribute *pango_attr_font_features_new(const char *features);
PangoAttribute *pango_attr_insert_hyphens_new(int insert_hyphens);

PangoLayout *pango_layout_new(PangoContext *context);
void pango_layout_set_font_description(PangoLayout *layout, const PangoFontDescription *desc);
void pango_layout_set_attributes(PangoLayout *layout, PangoAttrList *attrs);
void pango_layout_set_text(PangoLayout *layout, const char *text, int length);
void pango_layout_set_width(PangoLayout *layout, int width);
void pango_layout_set_wrap(PangoLayout *layout, PangoWrapMode wrap);
void pango_layout_set_ellipsize(PangoLayout *layout, PangoEllipsizeMode ellipsize);
void pango_layout_set_alignment(PangoLayout *layout, PangoAlignment alignment);
void pango_layout_get_size(PangoLayout *layout, int *width, int *height);
PangoDirection pango_layout_get_direction(PangoLayout *layout, int index);
int pango_layout_get_baseline(PangoLayout *layout);
int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);
const char *pango_layout_get_text(PangoLayout *layout);

PangoLayoutIter *pango_layout_get_iter(PangoLayout *layout);
int pango_layout_iter_next_run(PangoLayoutIter *iter);
PangoLayoutRun *pango_layout_iter_get_run_readonly(PangoLayoutIter *iter);
void pango_layout_iter_get_run_extents(PangoLayoutIter *iter, PangoRectangle *ink, PangoRectangle *logical);
int pango_layout_iter_get_baseline(PangoLayoutIter *iter);
void pango_layout_iter_free(PangoLayoutIter *iter);

hb_font_t *pango_font_get_hb_font(PangoFont *font);
int hb_font_get_nominal_glyph(hb_font_t *font, uint32_t unicode, uint32_t *glyph);
cairo_scaled_font_t *pango_cairo_font_get_scaled_font(PangoCairoFont *font);
void cairo_set_scaled_font(cairo_t *cr, const cairo_scaled_font_t *scaled_font);
void cairo_show_text_glyphs(
    cairo_t *cr, const char *utf8, int utf8_length, const cairo_glyph_t *glyphs, int glyph_count,
    const cairo_text_cluster_t *clusters, int cluster_count, cairo_text_cluster_flags_t flags);

void g_object_unref(void *object);
GUnicodeScript g_unichar_get_script(uint32_t ch);
uint32_t g_unicode_script_to_iso15924(GUnicodeScript script);

#ifdef PANGO_VERSION_MAJOR
#define CPANGO_SAME(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), #ours " differs from " #theirs)
CPANGO_SAME(CPangoStatusSuccess, CAIRO_STATUS_SUCCESS);
CPANGO_SAME(CPangoHintStyleNone, CAIRO_HINT_STYLE_NONE);
CPANGO_SAME(CPangoHintMetricsOff, CAIRO_HINT_METRICS_OFF);
CPANGO_SAME(CPangoMetadataTitle, CAIRO_PDF_METADATA_TITLE);
CPANGO_SAME(CPangoMetadataAuthor, CAIRO_PDF_METADATA_AUTHOR);
CPANGO_SAME(CPangoMetadataSubject, CAIRO_PDF_METADATA_SUBJECT);
CPANGO_SAME(CPangoMetadataCreator, CAIRO_PDF_METADATA_CREATOR);
CPANGO_SAME(CPangoMetadataCreateDate, CAIRO_PDF_METADATA_CREATE_DATE);
CPANGO_SAME(CPangoAlignLeft, PANGO_ALIGN_LEFT);
CPANGO_SAME(CPangoAlignRight, PANGO_ALIGN_RIGHT);
CPANGO_SAME(CPangoWrapWordChar, PANGO_WRAP_WORD_CHAR);
CPANGO_SAME(CPangoEllipsizeEnd, PANGO_ELLIPSIZE_END);
CPANGO_SAME(CPangoWeightNormal, PANGO_WEIGHT_NORMAL);
CPANGO_SAME(CPangoWeightBold, PANGO_WEIGHT_BOLD);
CPANGO_SAME(CPangoUnitsPerPoint, PANGO_SCALE);
CPANGO_SAME(CPangoDirectionRightToLeft, PANGO_DIRECTION_RTL);
CPANGO_SAME(CPangoGlyphEmpty, PANGO_GLYPH_EMPTY);
CPANGO_SAME(sizeof(CPangoGlyphInfo), sizeof(PangoGlyphInfo));
CPANGO_SAME(offsetof(CPangoGlyphInfo, width), offsetof(PangoGlyphInfo, geometry.width));
CPANGO_SAME(offsetof(CPangoGlyphInfo, x_offset), offsetof(PangoGlyphInfo, geometry.x_offset));
CPANGO_SAME(offsetof(CPangoGlyphInfo, y_offset), offsetof(PangoGlyphInfo, geometry.y_offset));
CPANGO_SAME(offsetof(CPangoGlyphString, glyphs), offsetof(PangoGlyphString, glyphs));
CPANGO_SAME(offsetof(CPangoGlyphString, log_clusters), offsetof(PangoGlyphString, log_clusters));
CPANGO_SAME(offsetof(CPangoItem, offset), offsetof(PangoItem, offset));
CPANGO_SAME(offsetof(CPangoItem, length), offsetof(PangoItem, length));
CPANGO_SAME(offsetof(CPangoItem, font), offsetof(PangoItem, analysis.font));
CPANGO_SAME(offsetof(CPangoItem, level), offsetof(PangoItem, analysis.level));
CPANGO_SAME(offsetof(CPangoRun, item), offsetof(PangoGlyphItem, item));
CPANGO_SAME(offsetof(CPangoRun, glyphs), offsetof(PangoGlyphItem, glyphs));
_Static_assert(sizeof(PangoAlignment) == sizeof(unsigned int), "enumerations are as wide as declared above");
_Static_assert(sizeof(cairo_status_t) == sizeof(unsigned int), "enumerations are as wide as declared above");
_Static_assert(sizeof(GUnicodeScript) == sizeof(int), "enumerations are as wide as declared above");
#endif

#endif
