-- The search path is fixed so that a restored dump can rebuild generated columns.
CREATE FUNCTION registry_search_fold(txt text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_catalog AS $$
    SELECT btrim(regexp_replace(lower(unaccent('unaccent', txt)), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- " pang ruoming 庞若鸣 若鸣 鸣": a space before each word, and the tail of each Chinese name again.
CREATE FUNCTION registry_search_key(name text, name_zh text, other_names varchar[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_catalog AS $$
    WITH folded AS (
        SELECT registry_search_fold(concat_ws(' ', name, name_zh, array_to_string(other_names, ' '))) AS txt
    )
    SELECT ' ' || txt || CASE WHEN txt ~ '[㐀-鿿豈-﫿]' THEN coalesce((
        SELECT string_agg(' ' || substr(han.run[1], tail), '')
        FROM regexp_matches(txt, '[㐀-鿿豈-﫿]{2,}', 'g') AS han(run),
             generate_series(2, least(length(han.run[1]), 24)) AS tail
    ), '') ELSE '' END
    FROM folded
$$;
