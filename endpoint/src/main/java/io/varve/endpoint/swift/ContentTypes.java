package io.varve.endpoint.swift;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Guesses the type of an object from its name, as Swift does where the client gives none. */
final class ContentTypes {
    static final String UNKNOWN = "application/octet-stream";

    private static final Set<String> COMPRESSIONS = Set.of("gz", "z", "bz2", "xz", "br");
    private static final Map<String, String> SHORT_FORMS =
            Map.of(
                    "tgz", "tar", "taz", "tar", "tz", "tar", "tbz2", "tar", "txz", "tar", "svgz",
                    "svg");

    /** Type, then the suffixes that mean it. */
    private static final String[] TABLE = {
        "application/epub+zip epub",
        "application/gzip gzip",
        "application/java-archive jar",
        "application/javascript mjs",
        "application/json json",
        "application/msword doc dot wiz",
        "application/octet-stream a bin dll exe o obj so",
        "application/pdf pdf",
        "application/pkcs7-mime p7c",
        "application/postscript ai eps ps",
        "application/rtf rtf",
        "application/vnd.apple.mpegurl m3u m3u8",
        "application/vnd.ms-excel xlb xls",
        "application/vnd.ms-powerpoint pot ppa pps ppt pwz",
        "application/vnd.oasis.opendocument.presentation odp",
        "application/vnd.oasis.opendocument.spreadsheet ods",
        "application/vnd.oasis.opendocument.text odt",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation pptx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document docx",
        "application/wasm wasm",
        "application/x-7z-compressed 7z",
        "application/x-bcpio bcpio",
        "application/x-cpio cpio",
        "application/x-csh csh",
        "application/x-dvi dvi",
        "application/x-gtar gtar",
        "application/x-hdf hdf",
        "application/x-latex latex",
        "application/x-mif mif",
        "application/x-netcdf cdf nc",
        "application/x-pkcs12 p12 pfx",
        "application/x-pn-realaudio ram",
        "application/x-python-code pyc pyo",
        "application/x-sh sh",
        "application/x-shar shar",
        "application/x-shockwave-flash swf",
        "application/x-tar tar",
        "application/x-tcl tcl",
        "application/x-tex tex",
        "application/x-texinfo texi texinfo",
        "application/x-troff roff t tr",
        "application/x-troff-man man",
        "application/x-troff-me me",
        "application/x-troff-ms ms",
        "application/xml rdf wsdl xpdl xsl xslt",
        "application/zip zip",
        "audio/basic au snd",
        "audio/flac flac",
        "audio/mp4 m4a",
        "audio/mpeg mp2 mp3",
        "audio/ogg ogg oga opus",
        "audio/x-aiff aif aifc aiff",
        "audio/x-wav wav",
        "font/otf otf",
        "font/ttf ttf",
        "font/woff woff",
        "font/woff2 woff2",
        "image/bmp bmp",
        "image/gif gif",
        "image/heic heic",
        "image/ief ief",
        "image/jpeg jpe jpeg jpg",
        "image/png png",
        "image/svg+xml svg",
        "image/tiff tif tiff",
        "image/vnd.microsoft.icon ico",
        "image/webp webp",
        "image/x-cmu-raster ras",
        "image/x-portable-anymap pnm",
        "image/x-portable-bitmap pbm",
        "image/x-portable-graymap pgm",
        "image/x-portable-pixmap ppm",
        "image/x-rgb rgb",
        "image/x-xbitmap xbm",
        "image/x-xpixmap xpm",
        "image/x-xwindowdump xwd",
        "message/rfc822 eml mht mhtml nws",
        "text/css css",
        "text/csv csv",
        "text/html htm html",
        "text/javascript js",
        "text/markdown md",
        "text/plain bat c h ksh pl txt log conf ini text asc",
        "text/richtext rtx",
        "text/tab-separated-values tsv",
        "text/x-python py",
        "text/x-setext etx",
        "text/x-sgml sgm sgml",
        "text/x-vcard vcf",
        "text/xml xml",
        "text/yaml yaml yml",
        "video/mp4 mp4 m4v",
        "video/mpeg m1v mpa mpe mpeg mpg",
        "video/ogg ogv",
        "video/quicktime mov qt",
        "video/webm webm",
        "video/x-matroska mkv",
        "video/x-msvideo avi",
        "video/x-sgi-movie movie",
    };

    private static final Map<String, String> BY_SUFFIX = bySuffix();

    private ContentTypes() {}

    private static Map<String, String> bySuffix() {
        Map<String, String> types = new HashMap<>();
        for (String line : TABLE) {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                types.put(words[i], words[0]);
            }
        }
        return Map.copyOf(types);
    }

    static String guess(String name) {
        String rest = name.substring(name.lastIndexOf('/') + 1);
        String suffix = suffix(rest);
        if (COMPRESSIONS.contains(suffix)) {
            suffix = suffix(rest.substring(0, rest.length() - suffix.length() - 1));
        }
        suffix = SHORT_FORMS.getOrDefault(suffix, suffix);
        return BY_SUFFIX.getOrDefault(suffix, UNKNOWN);
    }

    private static String suffix(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** As listings show a type: no space between its parameters. */
    static String listed(String contentType) {
        return contentType.replaceAll("\\s*;\\s*", ";");
    }
}
