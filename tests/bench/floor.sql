-- The floor of the full refresh: the same stints, moves and survival points, worked out by
-- PostgreSQL alone, a few passes over all events with window functions. Temporary tables, no
-- index, no check, nothing kept. (The counts between moves and points are those of the triggers,
-- taken over whole tables: talent/insights/models/triggers.py.)
--
-- Where it knows less than talent/insights/careers.py, so that its numbers differ a little: it
-- reads no rumours; of two events dated alike the one entered first comes first, even if the
-- other order alone makes sense; only the stint just before can lead to a stint; any next hire
-- ends a chair at a university; a departure recorded twice is one only if both say the same
-- first day; a departure from a post never taken up always belongs to it.

-- facts
CREATE TEMPORARY TABLE floor_fact AS
SELECT event.id, person_id, kind = 'hire' AS hire, organization_id, event.company_id,
    place.parent_id IS NOT NULL AS in_unit, counterpart_id,
    counterpart_company_id AS other_id, happened_on, precision,
    chronology, date_basis <> 'effective' AS announced, founder, stated_return,
    greatest(newest_source_on, happened_on) AS known_on,
    hire_here AND NOT hire_really AS ghost, reasons, tellers,
    row_number() OVER (PARTITION BY person_id ORDER BY chronology, event.id) AS n,
    count(*) FILTER (WHERE kind = 'hire')
        OVER (PARTITION BY person_id ORDER BY chronology, event.id)
    - count(*) FILTER (WHERE kind = 'hire')
        OVER (PARTITION BY person_id, event.company_id ORDER BY chronology, event.id)
        AS hired_elsewhere
FROM (
    SELECT *,
        bool_or(kind = 'hire' AND never_started) OVER company AS hire_here,
        bool_or(kind = 'hire' AND NOT never_started) OVER company AS hire_really
    FROM registry_event
    WHERE status = 'published' AND standing IN ('reported', 'confirmed')
    WINDOW company AS (PARTITION BY person_id, company_id)
) AS event
JOIN registry_organization AS place ON place.id = organization_id
LEFT JOIN (
    SELECT event_id, array_agg(reason_id) AS reasons, array_agg(stated_by) AS tellers
    FROM registry_eventreason GROUP BY event_id
) AS stated ON stated.event_id = event.id
WHERE NOT (hire_here AND hire_really AND never_started);

-- stints
CREATE TEMPORARY TABLE floor_stint AS
WITH marked AS (
    SELECT *, CASE
        WHEN ghost THEN hire
        WHEN hire THEN lag(hire) OVER here IS NOT TRUE OR stated_return
            OR other_id <> company_id
            OR hired_elsewhere > lag(hired_elsewhere) OVER here
        ELSE lag(hire) OVER here IS NULL
            OR (NOT lag(hire) OVER here AND lag(happened_on) OVER here <> happened_on)
        END AS begins
    FROM floor_fact
    WINDOW here AS (PARTITION BY person_id, company_id ORDER BY n)
), numbered AS (
    SELECT *, count(*) FILTER (WHERE begins)
        OVER (PARTITION BY person_id, company_id ORDER BY n) AS number
    FROM marked
), grouped AS (
    SELECT person_id, company_id, number, bool_or(ghost) AS ghost, min(n) AS n,
        coalesce(
            array_agg(DISTINCT organization_id) FILTER (WHERE in_unit), '{}'
        ) AS units,
        max(organization_id) FILTER (WHERE in_unit) AS unit_id,
        min(organization_id) FILTER (WHERE begins) AS first_place_id,
        max(organization_id) FILTER (WHERE begins AND hire) AS joined_id,
        max(happened_on) FILTER (WHERE begins AND hire) AS start_on,
        max(precision) FILTER (WHERE begins AND hire) AS start_precision,
        max(counterpart_id) FILTER (WHERE begins AND hire) AS came_from_id,
        max(other_id) FILTER (WHERE begins AND hire) AS came_from_company_id,
        max(happened_on) FILTER (WHERE NOT hire) AS left_on,
        max(precision) FILTER (WHERE NOT hire) AS left_precision,
        max(counterpart_id) FILTER (WHERE NOT hire) AS went_to_id,
        max(other_id) FILTER (WHERE NOT hire) AS went_to_company_id,
        max(known_on) AS known_until, bool_or(founder) AS founder, bool_or(announced) AS about,
        bool_or(begins AND stated_return) OR number > 1 AS is_return,
        max(reasons) FILTER (WHERE hire) AS reasons,
        max(tellers) FILTER (WHERE hire) AS tellers,
        max(reasons) FILTER (WHERE NOT hire) AS left_reasons,
        max(tellers) FILTER (WHERE NOT hire) AS left_tellers
    FROM numbered GROUP BY person_id, company_id, number
), ended AS (
    SELECT *, left_on IS NULL AND start_on IS NOT NULL
            AND lead(start_on) OVER person IS NOT NULL AS end_inferred,
        coalesce(left_on, lead(start_on) OVER person) AS end_on,
        coalesce(left_precision, lead(start_precision) OVER person) AS end_precision
    FROM grouped
    WINDOW person AS (PARTITION BY person_id ORDER BY n)
), measured AS (
    SELECT *, start_on + CASE start_precision
            WHEN 'month' THEN 14 WHEN 'quarter' THEN 45 WHEN 'year' THEN 181 ELSE 0
        END AS began,
        coalesce(end_on + CASE end_precision
            WHEN 'month' THEN 14 WHEN 'quarter' THEN 45 WHEN 'year' THEN 181 ELSE 0
        END, known_until) AS until
    FROM ended WHERE NOT ghost
)
SELECT *, (
    extract(year FROM until) * 12 + extract(month FROM until)
    - extract(year FROM began) * 12 - extract(month FROM began)
    - (extract(day FROM until) < extract(day FROM began))::int
)::smallint AS months
FROM (
    SELECT person_id, company_id, unit_id, units, first_place_id, joined_id, start_on,
        start_precision, came_from_id, came_from_company_id, end_on, end_precision, end_inferred,
        went_to_id, went_to_company_id, founder, is_return, n, reasons, tellers, left_reasons,
        left_tellers, began, greatest(began, until) AS until,
        about OR end_inferred OR start_precision <> 'day'
            OR coalesce(end_precision, 'day') <> 'day' AS about
    FROM measured
) AS measured;

-- moves
CREATE TEMPORARY TABLE floor_move AS
WITH followed AS (
    SELECT *, coalesce(unit_id, company_id) AS last_id,
        lag(company_id) OVER person AS before_company_id,
        lag(coalesce(unit_id, company_id)) OVER person AS before_id,
        lag(left_reasons) OVER person AS before_reasons,
        lag(left_tellers) OVER person AS before_tellers,
        lag(end_on) OVER person IS NOT NULL
            AND start_on IS NOT NULL AND lag(company_id) OVER person <> company_id
            AND coalesce(
                came_from_company_id = lag(company_id) OVER person,
                coalesce(lag(went_to_company_id) OVER person = company_id, true)
            ) AS linked
    FROM floor_stint
    WINDOW person AS (PARTITION BY person_id ORDER BY n)
), led AS (
    SELECT *, lead(linked) OVER (PARTITION BY person_id ORDER BY n) AS leads_on
    FROM followed
)
SELECT person_id,
    CASE WHEN linked THEN before_id ELSE came_from_id END AS origin_id,
    joined_id AS destination_id,
    CASE WHEN linked THEN before_company_id ELSE came_from_company_id END AS from_company_id,
    company_id AS to_company_id,
    start_on AS happened_on, start_precision AS precision, false AS internal, false AS rumoured,
    is_return, founder,
    CASE WHEN linked THEN coalesce(before_reasons || reasons, before_reasons, reasons)
        ELSE reasons END AS reasons,
    CASE WHEN linked THEN coalesce(before_tellers || tellers, before_tellers, tellers)
        ELSE tellers END AS tellers
FROM led WHERE start_on IS NOT NULL
UNION ALL
SELECT person_id, last_id, went_to_id, company_id, went_to_company_id, end_on, end_precision,
    false, false, false, false, left_reasons, left_tellers
FROM led WHERE end_on IS NOT NULL AND leads_on IS NOT TRUE
UNION ALL
SELECT person_id, before, organization_id, company_id, company_id, happened_on, precision,
    true, false, false, false, NULL, NULL
FROM (
    SELECT *, lag(organization_id) OVER (PARTITION BY person_id, company_id ORDER BY n)
        AS before
    FROM floor_fact WHERE hire AND NOT ghost
) AS inside
WHERE before <> organization_id AND hired_elsewhere = 0;

UPDATE floor_move SET reasons = '{}', tellers = '{}' WHERE reasons IS NULL;
UPDATE floor_move SET reasons = ARRAY(SELECT DISTINCT unnest(reasons)),
    tellers = ARRAY(SELECT DISTINCT unnest(tellers))
WHERE cardinality(reasons) > 1;

-- counts

-- points
CREATE TEMPORARY TABLE floor_point AS
WITH observed AS (
    -- As figures/stays.py counts: gone in month k + 1, or last seen after month k.
    SELECT organization_id, CASE WHEN organization_id IS NULL THEN seat END AS seat,
        months + ended::int AS time, sum(stints) FILTER (WHERE ended) AS ended,
        sum(stints) AS leaving
    FROM floor_staytally WHERE joined IS NOT NULL GROUP BY 1, 2, 3
), at_risk AS (
    SELECT *, sum(leaving) OVER (
        PARTITION BY organization_id, seat ORDER BY time DESC
    ) AS at_risk
    FROM observed
)
SELECT organization_id, seat, time, at_risk, ended,
    exp(sum(ln(1 - coalesce(ended, 0) / at_risk)) FILTER (WHERE coalesce(ended, 0) < at_risk)
        OVER (PARTITION BY organization_id, seat ORDER BY time)) AS share
FROM at_risk;
