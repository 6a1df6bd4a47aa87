//! Errors and findings: what is wrong, where, with which value, and what to do.
//!
//! [`Problem`] is the one list of everything that can be wrong: name, stable code, message and
//! remedy stand on neighbouring lines. An [`Error`] is a problem with its [`Place`]. The same type
//! serves as a *finding*: a problem that was set aside so that one bad area does not hide the rest.
//!
//! This module knows nothing of the others.

use std::fmt;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! problems {
    ($( [$topic:ident] $( $(#[$doc:meta])* $name:ident { $($field:ident : $type:ty),* } $code:literal
        $message:literal => $remedy:literal; )* )*) => {
        /// Everything that can be wrong with a catalogue, a table or a request.
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "the message names every field")]
        pub enum Problem {
            $( $( $(#[$doc])* $name { $($field: $type),* }, )* )*
        }

        impl Problem {
            /// Every stable code, in the order of the list.
            pub const CODES: &[&str] = &[$( $($code),* ),*];

            /// Stable name of the problem, for logs, tests and other languages.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $( $( Self::$name { .. } => $code, )* )* }
            }

            /// What the problem is about.
            #[must_use]
            pub const fn topic(&self) -> Topic {
                match self { $( $( Self::$name { .. } => Topic::$topic, )* )* }
            }

            /// What the message names, by name.
            #[must_use]
            pub fn fields(&self) -> Vec<(&'static str, Field)> {
                match self {
                    $( $( Self::$name { $($field),* } => {
                        vec![$( (stringify!($field), Field::from($field)) ),*]
                    } )* )*
                }
            }

            /// What to do about it.
            #[must_use]
            pub fn remedy(&self) -> String {
                match self {
                    $( $( Self::$name { $($field),* } => { $( let _ = $field; )* format!($remedy) } )* )*
                }
            }
        }

        impl fmt::Display for Problem {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $( $( Self::$name { $($field),* } => { $( let _ = $field; )* write!(f, $message) } )* )*
                }
            }
        }
    };
}

/// What a problem is about (问题类别).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Topic {
    /// A number that cannot be held, read or rounded.
    Number,
    /// A unit.
    Unit,
    /// An area, its table, or a period.
    Area,
    /// The catalogue.
    Catalog,
    /// A table that is read, or a cell of it.
    Table,
    /// What in a table contradicts itself.
    Check,
    /// What is asked, and where the answer goes.
    Request,
}

/// Something that the message of a problem names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Field {
    /// A value, name or place.
    Text(String),
    /// A number of rows, bytes or decimals.
    Number(u64),
}

impl From<&String> for Field {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&u8> for Field {
    fn from(number: &u8) -> Self {
        Self::Number(u64::from(*number))
    }
}

impl From<&u64> for Field {
    fn from(number: &u64) -> Self {
        Self::Number(*number)
    }
}

impl From<&usize> for Field {
    fn from(number: &usize) -> Self {
        Self::Number(u64::try_from(*number).unwrap_or(u64::MAX))
    }
}

problems! {
    [Number]
    /// An exact sum or product leaves the range of its integers.
    Overflow { what: String } "overflow"
        "{what} leaves the range of exact integers" => "check the unit of the column: a sum this large is seldom meant";
    /// A ratio over zero was asked for as a number.
    ZeroDenominator { what: String } "zero-denominator"
        "{what} has denominator 0 and therefore no value" => "report it as not defined, never as 0";
    /// Text is not a decimal number.
    NotANumber { value: String } "not-a-number"
        "`{value}` is not a plain decimal number" => "write digits with at most one point; a unit such as 万 or % belongs in the header, as in 资助金额(万元), or in a column of units";
    /// A symbol that the dialect of a table does not have.
    UnknownSymbol { value: String, dialect: String, meanings: String } "unknown-symbol"
        "`{value}` is no symbol of the dialect {dialect}" => "name the dialect of the table ({meanings}), say what it means under `[signs]` of a mapping, or leave the cell empty where the figure is not known";
    /// Text is no number with a unit, as reports write them.
    NotAQuantity { value: String, reason: String } "not-a-quantity"
        "`{value}` is no quantity: {reason}" => "write a figure with its unit and at most one word to either side, such as 740余万元, 近300人, 76.6%, 三成 or 20%—30%";
    /// A decimal has more digits than can be held exactly.
    TooManyDigits { value: String } "too-many-digits"
        "`{value}` has more than 38 digits" => "give the figure in a larger unit";
    /// A figure has more decimals than its measure holds.
    TooManyDecimals { value: String, scale: u8 } "too-many-decimals"
        "`{value}` has more than {scale} decimals" => "round it at its source, or declare a larger `scale` for the measure";
    /// Parts that are to print as their whole, and do not add up to it.
    PartsNotWhole { sum: String, whole: String } "parts-not-whole"
        "the parts add up to {sum}, not to {whole}" => "give all parts of the whole, each once, or round them one by one";

    [Unit]
    /// A unit that is not known.
    UnknownUnit { unit: String, near: String } "unknown-unit"
        "`{unit}` is not a known unit" => "use one of: {near}";
    /// A figure whose own unit is not that of its column.
    TwoUnits { value: String, given: String } "two-units"
        "`{value}` says its own unit, and `{given}` stands beside it" => "keep one of both";
    /// Two units measure different things.
    UnitMismatch { given: String, wanted: String } "unit-mismatch"
        "`{given}` cannot be converted to `{wanted}`" => "give the figure in a unit of the same quantity; 人次 counts visits, 人 counts persons";

    [Area]
    /// Text is not a six-digit area code.
    BadAreaCode { value: String, hint: String } "bad-area-code"
        "`{value}` is not a six-digit area code" => "write codes as text of six digits{hint}";
    /// A code that is not in the area table.
    UnknownArea { code: String, hint: String } "unknown-area"
        "area code `{code}` is not in the area table" => "correct the code{hint}, or pass a table of areas that has it, such as that of the year the data were collected in";
    /// A name that does not belong to the code beside it.
    AreaNameMismatch { code: String, given: String, name: String } "area-name-mismatch"
        "area `{code}` is {name}, but the row says {given}" => "correct the code or the name";
    /// A total among the rows it totals.
    TotalRow { value: String } "total-row"
        "`{value}` marks a total among its parts" => "it was set aside and is not added to them; if it is the figure of an area, give it the code of that area";
    /// A year of which no table of areas is known.
    NoAreaTable { year: u64, first: u64, last: u64 } "no-area-table"
        "the areas of {year} are not known" => "use a year from {first} to {last}, or pass a table of areas";
    /// A code that was no area in the year that it is said to be of.
    CodeNotInYear { code: String, year: u64, known: String } "code-not-in-year"
        "area code `{code}` was not in force at the end of {year}: {known}" => "correct the code or the year";
    /// An area of which nothing tells what became of it.
    NoSuccessor { code: String, name: String, year: u64, to: u64 } "no-successor"
        "nothing tells what area `{code}` {name} of {year} is in {to}" => "give its figures to an area of {to} by hand, or leave it out";
    /// An area of which nothing tells what it was.
    NoPredecessor { code: String, name: String, year: u64, to: u64 } "no-predecessor"
        "nothing tells what area `{code}` {name} of {to} was in {year}" => "compare it only with years in which it stood; before, it was part of a neighbor";
    /// An area above the county that was divided.
    DividedArea { code: String, name: String, year: u64, to: u64 } "divided-area"
        "area `{code}` {name} of {year} lies in several areas of {to}" => "give the rows of its counties instead";
    /// An area above the county that counties left or joined.
    OtherExtent { code: String, name: String, year: u64, other: String, to: u64, difference: String } "other-extent"
        "area `{code}` {name} of {year} is not area `{other}` of {to}: {difference}" => "give the rows of its counties instead";
    /// Areas that are one unit in a panel.
    UnitedAreas { code: String, name: String, to: u64, members: String } "united-areas"
        "`{code}` {name} stands for {members}: what they were in other years was not divided as they are in {to}" => "give weights of what was divided, or take years in which they stood";
    /// An area of one year of which only some parts have figures.
    PartAbsent { code: String, name: String, period: String, parts: String } "part-absent"
        "`{code}` {name} has no value for {period}: of its parts {parts} there are no rows" => "add their rows, with 0 where there was nothing";
    /// Shares that cannot divide an area.
    BadShares { code: String, year: u64, reason: String } "bad-shares"
        "the shares of area `{code}` of {year} {reason}" => "give each successor one share from 0 to 1, so that they add up to 1";
    /// A line of weights of divided areas that cannot be read.
    BadShareRow { reason: String } "bad-share-row"
        "the weights {reason}" => "write a header with the columns code, year, to and weight, and below it a row for each successor";
    /// A line of a table of areas that cannot be read.
    BadAreaTable { line: u64, reason: String } "bad-area-table"
        "line {line} of the area table {reason}" => "write `code<TAB>name` in ascending order of six-digit codes, or a header with the columns code and parent, and name and tier if wanted";
    /// An area that stands twice in its table.
    DuplicateArea { code: String, first: u64 } "duplicate-area"
        "area `{code}` stands on line {first} of the area table already" => "keep one row for each area";
    /// A parent that is no area of the table.
    UnknownParent { code: String, parent: String } "unknown-parent"
        "area `{code}` lies in `{parent}`, which has no row of its own" => "add a row for `{parent}`, or correct the parent; that of the largest area is empty";
    /// Areas that lie in each other.
    AreaCycle { path: String } "area-cycle"
        "areas lie in each other: {path}" => "correct one of the parents; that of the largest area is empty";
    /// A tree that is higher than there are tiers by height.
    TooManyTiers { code: String, below: usize } "too-many-tiers"
        "area `{code}` has {below} levels of areas below it, more than county, prefecture and province" => "add a column `tier` that names them, from school to nation, or leave levels out";
    /// A child that is not of a lower tier than its parent.
    TierNotBelow { code: String, tier: String, parent: String, outer: String } "tier-not-below"
        "area `{code}` of tier {tier} lies in `{parent}` of tier {outer}" => "correct the tier or the parent: from the smallest, tiers are school, county, prefecture, province, nation";
    /// Text is not a period.
    BadPeriod { value: String, hint: String } "bad-period"
        "`{value}` is not a period" => "write a year (2022), a school year (2022-2023) or a month (2022-09){hint}";

    [Catalog]
    /// A file that cannot be read at all.
    UnreadableFile { reason: String } "unreadable-file"
        "the file cannot be read: {reason}" => "check the path and its permissions";
    /// TOML that does not parse, or a key that its file does not know.
    BadToml { reason: String } "bad-toml"
        "{reason}" => "see sections 4 (catalogues), 12 (schemes) and 13 (mappings) of DESIGN.md for the keys";
    /// An id defined twice.
    DuplicateId { what: String, id: String } "duplicate-id"
        "{what} `{id}` is defined twice" => "rename one, or write `replaces = true` to override the earlier one";
    /// An id that cannot be used.
    BadId { id: String } "bad-id"
        "`{id}` is not a usable id" => "use lower-case letters, digits and underscores, parts of indicator ids joined by dots";
    /// A reference to a thing that is not defined.
    UnknownId { what: String, id: String, near: String } "unknown-id"
        "there is no {what} `{id}`" => "define it, or use one of: {near}";
    /// A kind of indicator that is not known yet.
    UnknownKind { kind: String } "unknown-kind"
        "indicator kind `{kind}` is not yet known" => "use share, rate, ratio, completion, total, change, derived, dispersion or composite";
    /// A key that its kind needs, or must not have.
    KeyOfKind { id: String, reason: String } "key-of-kind"
        "`{id}` {reason}" => "give exactly the keys of its kind, as DESIGN.md section 4 lists them";
    /// An alias that two measures or dimensions claim.
    AmbiguousAlias { alias: String, first: String, second: String } "ambiguous-alias"
        "alias `{alias}` belongs to both `{first}` and `{second}`" => "keep it on one of them";
    /// Measures that define each other in a circle.
    Cycle { path: String } "cycle"
        "definitions run in a circle: {path}" => "define one of them by counted measures only";
    /// A formula outside the small grammar.
    BadFormula { reason: String } "bad-formula"
        "the formula has {reason}" => "use sum(row) or count(*), joined by + and -, each with an optional filter (where …)";
    /// A formula of a derived indicator outside its grammar.
    BadDerivation { reason: String } "bad-derivation"
        "the formula has {reason}" => "use the names of its inputs and whole numbers with + - * / and parentheses, and adjusted(…)";
    /// A formula too large to be parsed.
    FormulaTooLarge { bytes: usize } "formula-too-large"
        "the formula has {bytes} bytes, more than 4096" => "split it into several measures";
    /// A share whose numerator is not known to lie inside its denominator.
    ShareNotPart { numerator: String, denominator: String } "share-not-part"
        "`{numerator}` is not known to be part of `{denominator}`" => "define it by a filter over `{denominator}`, declare `part_of = \"{denominator}\"`, or use kind = \"rate\"";
    /// Units that do not make the unit of an indicator.
    UnitClash { numerator: String, denominator: String, unit: String } "unit-clash"
        "{numerator} over {denominator} does not give `{unit}`" => "choose measures and unit of matching quantities; 人次 over 人 is no coverage";
    /// A criterion that cannot be used.
    BadCriterion { reason: String } "bad-criterion"
        "the criterion {reason}" => "give one indicator and exactly one of at_least, at_most, above, below, between; one threshold for a scope and month";
    /// A rule of a standard that cannot be used.
    BadRule { rule: String, reason: String } "bad-rule"
        "the rule `{rule}` {reason}" => "let criteria name it by `rule` and rules by `part_of`; `needs` tells how many of them, `floor` what the others must reach";

    /// Weights that do not make their whole.
    BadWeights { of: String, reason: String } "bad-weights"
        "the weights of `{of}` {reason}" => "let the weights of each level add up to that of the level above, those of the highest to `total`; where `weights = \"equal\"`, write none";
    /// A group of a scheme that cannot be used.
    BadGroup { group: String, reason: String } "bad-group"
        "the group `{group}` {reason}" => "give a group an id of its own and either `groups` or `items`, at most four levels below the total, and each indicator once";
    /// An item of a scheme that cannot be scored.
    BadScoring { indicator: String, reason: String } "bad-scoring"
        "the item `{indicator}` {reason}" => "give exactly one of bands, linear, target, relative; linear goes from the value of score 0 to another one of full score";
    /// Bands that leave values out, or meet some twice.
    BadBands { indicator: String, reason: String } "bad-bands"
        "the bands of `{indicator}` {reason}" => "order them from one end, `at_least` or `above` downward or `at_most` or `below` upward, and leave the threshold of the last out; `score` is in per cent of the weight, 0 to 100";
    /// Grades that leave totals out, or meet some twice.
    BadGrades { reason: String } "bad-grades"
        "the grades {reason}" => "order them from the best, each with its own id and a lower `at_least` than the one before, and leave that of the last out";

    [Table]
    /// A table file that the reader refused.
    UnreadableTable { reason: String } "unreadable-table"
        "the table cannot be read: {reason}" => "save it again as CSV (UTF-8) or Parquet";
    /// A text file in another encoding.
    NotUtf8 { line: u64 } "not-utf8"
        "line {line} is not UTF-8, GB18030 is likely" => "save the file as CSV UTF-8";
    /// A text file in an encoding that is none of those that are read.
    UnknownEncoding { line: u64 } "unknown-encoding"
        "line {line} is neither UTF-8 nor UTF-16 nor GB18030" => "save the file as CSV UTF-8; a file that is cut off or damaged has to be copied again";
    /// How a text file was read, where that had to be found out.
    ReadAs { said: String } "read-as"
        "the file was read as {said}" => "nothing, if that is right; else save it as CSV UTF-8, or write units into the headers";
    /// A character that no text has.
    NulByte { line: u64 } "nul-byte"
        "line {line} holds a NUL character" => "save the file again as CSV UTF-8: it is damaged, or no text";
    /// A text file that two separators fit.
    AmbiguousSeparator { first: String, second: String } "ambiguous-separator"
        "{first} and {second} separate the cells equally well" => "say which it is, or put cells that hold the other into quotes";
    /// A quote that never closes.
    UnclosedQuote { line: u64 } "unclosed-quote"
        "the quote opened in line {line} is never closed" => "close it, or write a quote within a cell twice";
    /// A row of another length than the rest.
    RaggedRow { cells: usize, headers: usize } "ragged-row"
        "the row has {cells} cells where most have {headers}" => "add or remove cells; a cell that holds the separator, such as 1,000, needs quotes";
    /// A file that holds something else than its name says, or no table.
    WrongFileType { held: String, advice: String } "wrong-file-type"
        "the file holds {held}" => "{advice}";
    /// A workbook that a password protects.
    EncryptedFile {} "encrypted-file"
        "the workbook is protected by a password" => "open it with the password and save it without";
    /// A workbook that cannot be read.
    DamagedWorkbook { reason: String } "damaged-workbook"
        "the workbook cannot be read: {reason}" => "copy it again from its source, or open it in a spreadsheet program and save it as .xlsx";
    /// A file that would fill the memory.
    TooLarge { what: String, size: u64, limit: u64 } "too-large"
        "{what}: {size}, where at most {limit} are read" => "split the file, delete what is empty but formatted, or save its table as CSV or Parquet";
    /// Rows and columns that nobody sees.
    HiddenCells { rows: usize, columns: usize } "hidden-cells"
        "hidden rows ({rows}) and columns ({columns}) were left out" => "show them in the workbook if they are meant to count";
    /// A sheet that nobody sees.
    HiddenSheet {} "hidden-sheet"
        "the hidden sheet was passed over" => "show it in the workbook, or name it, if it is meant";
    /// A formula whose value the file does not hold.
    UncomputedFormula {} "uncomputed-formula"
        "the formula has no value in the file, so the cell counts as missing" => "open the workbook in a spreadsheet program, let it compute and save it";
    /// A formula that failed.
    ErrorCell { value: String } "error-cell"
        "the formula came to `{value}`, so the cell counts as missing" => "correct the formula, or leave the cell empty";
    /// A column that has cells, but no header.
    UnnamedColumn { name: String } "unnamed-column"
        "the column has no header and is called `{name}`" => "give it a header, or empty it";
    /// A kind of file that is not read.
    UnknownFormat { extension: String } "unknown-format"
        "files of type `{extension}` are not read" => "use .csv, .tsv, .xlsx, .xls, .ods or .parquet; text files may be packed (.csv.gz, .csv.zst)";
    /// A report that is larger than any.
    TextTooLarge { bytes: usize } "text-too-large"
        "the text has {bytes} bytes, more than 10 MB" => "read it in parts";
    /// A compressed file that does not unpack.
    DamagedFile { reason: String } "damaged-file"
        "the compressed file is cut off or damaged: {reason}" => "copy it again from its source, or compress the table again";
    /// A folder without tables.
    EmptyFolder {} "empty-folder"
        "the folder holds no tables" => "put .csv, .xlsx or .parquet files into it, or name the folder or files that are meant; folders within it are not searched";
    /// A pattern of names that matches nothing.
    NoMatch {} "no-match"
        "no file matches the pattern" => "correct the folder or the pattern: `*` stands for any part of a name, `?` for one character, `[12]` for one of these";
    /// A file or sheet on which no table is found.
    NoTable {} "no-table"
        "no table was found" => "check that a header stands above the rows, or say where with `header` in a mapping";
    /// A sheet that the file does not have.
    UnknownSheet { sheet: String, near: String } "unknown-sheet"
        "there is no sheet `{sheet}`" => "use one of: {near}";
    /// A file with several tables, of which none is named.
    SeveralTables { tables: String } "several-tables"
        "there are several tables: {tables}" => "name the sheet, or the rows of the header with `header` in a mapping";
    /// A mapping that contradicts itself, or leaves out what is needed.
    BadMapping { reason: String } "bad-mapping"
        "the mapping {reason}" => "see section 13 of DESIGN.md for what a mapping says";
    /// A column of which nothing says what it is.
    UnmappedColumn { column: String } "unmapped-column"
        "nothing says what the column `{column}` is" => "say it in the mapping, or `ignore`; `zhibiao map` lists what it may be";
    /// A measure of which a mapping has some groups only, and no total.
    PartsOnly { measure: String, given: String, lacking: String } "parts-only"
        "`{measure}` is there for {given} only, and its sum stands for all: {lacking} have no column" => "map the columns of the other groups too, or that of the whole alone; nothing, if there are no others";
    /// A header of a mapping that the table does not have.
    MissingHeader { column: String, near: String } "missing-header"
        "the table has no column `{column}`" => "correct the header in the mapping; the table has: {near}";
    /// A table without rows.
    EmptyTable {} "empty-table"
        "the table has no rows" => "check that the file holds data below its header";
    /// A header that stands twice.
    DuplicateColumn { column: String, first: String } "duplicate-column"
        "columns `{first}` and `{column}` are the same thing" => "keep one of them";
    /// A column that the request needs.
    MissingColumn { column: String, aliases: String, near: String } "missing-column"
        "no column for `{column}` ({aliases})" => "add it, rename one, or say in a mapping what the columns are (`zhibiao map` proposes one); the table has: {near}";
    /// A column of a type that cannot be used.
    ColumnType { given: String, wanted: String } "column-type"
        "the column holds {given} where {wanted} must stand" => "convert the column";
    /// A name that an engine would read as another.
    Unquotable { name: String, dialect: String, reason: String } "unquotable"
        "`{name}` cannot be written in the SQL of {dialect}: {reason}" => "rename it in a view, or in the catalogue";
    /// A sum that could need more digits than an engine holds.
    SumTooWide { digits: u64, most: u64 } "sum-too-wide"
        "figures of {digits} digits could be added up, where the engine has room for {most}" => "cast the column to fewer digits in a view";
    /// A figure that a warehouse has no room for.
    CellTooWide { value: String } "cell-too-wide"
        "`{value}` has more digits than are summed there, so it is not used" => "read the table and compute from it, or give the column in a larger unit";
    /// A form of table that cannot be summed where it stands.
    NotPushable { reason: String } "not-pushable"
        "the table cannot be summed where it stands: {reason}" => "make a view with a column for each measure, or read the table and compute from it";
    /// Rows of a warehouse that contradict others.
    RepeatedKeys { key: String, rows: u64 } "repeated-keys"
        "{rows} rows of {key} repeat a key, or leave a group empty beside filled ones: their figures are not used" => "keep one row of each key, or say that rows are records";
    /// A key that is written in several ways, so that repeated rows cannot be found.
    MixedSpelling { key: String } "mixed-spelling"
        "{key} is written in several ways, so that rows which repeat a key cannot be told: its figures are not used" => "write it in one way, or say that rows are records";
    /// A warehouse that did not answer as it was asked.
    BadAnswer { reason: String } "bad-answer"
        "the answer is not that of the question: {reason}" => "run the statement as it is given, and give its rows unchanged";
    /// More cells that are no figures than are told by themselves.
    MoreFlaws {} "more-flaws"
        "more cells are no figures, of more values than are told" => "correct those that are told, then ask again";
    /// A frame that does not hold states.
    NotStates { reason: String } "not-states"
        "the frame holds no states: {reason}" => "give the frame of states as it was made";
    /// States of other definitions.
    StatesDiffer { what: String, here: String, there: String } "states-differ"
        "{what} is another: {here} here, {there} there" => "make all states of one question, with one catalogue";
    /// States that may count some rows twice.
    OverlappingStates { keys: u64, key: String } "overlapping-states"
        "{keys} keys stand in several of the states, such as {key}" => "leave out what is there twice, or say that rows of a key are spread over them";
    /// Two rows of one key.
    DuplicateKey { key: String, first: String } "duplicate-key"
        "{key} stands in {first} already" => "keep one row for each area, period and group, or declare the table as `records`";
    /// A total that is more than its parts, of which some are not there.
    PartsAbsent { what: String, given: String, sum: String, absent: String } "parts-absent"
        "the total of {what} is {given}, but the rows beside it add up to {sum}: those of {absent} are not there" => "add them, with 0 where there are none; until then the total is the figure of all together, and what is asked of them alone is missing";
    /// A key cell without a value.
    MissingKey {} "missing-key"
        "the key cell is empty" => "fill it; a row without area, period or school is set aside, and what is summed by an empty group is missing";
    /// A column of units in a wide table.
    UnitColumn {} "unit-column"
        "the column states units, but each measure has a column of its own" => "write the unit in the header, such as 资助金额(万元), or give one measure a row with `measure`, `value` and `unit`";
    /// A dimension value that is not declared.
    UnknownValue { value: String, dimension: String, near: String } "unknown-value"
        "`{value}` is not a declared value of {dimension}" => "use one of: {near}";
    /// A measure in a long table that the catalogue does not know.
    UnknownMeasure { value: String, near: String } "unknown-measure"
        "`{value}` is neither a measure nor an indicator" => "use one of: {near}";
    /// A count below zero.
    NegativeCount { value: String } "negative-count"
        "{value} is negative" => "counts start at 0; correct the cell";
    /// A count that is not whole.
    FractionalCount { value: String } "fractional-count"
        "{value} is not a whole number" => "counts are whole; correct the cell, or its unit";
    /// A reported figure that cannot be.
    OutOfRange { value: String, wanted: String } "out-of-range"
        "`{value}` lies outside {wanted}" => "correct the cell; a share lies between 0 and its whole, a count starts at 0";
    /// A float that is no number.
    NotFinite { value: String } "not-finite"
        "{value} is not a number" => "leave the cell empty where the figure is not known";
    /// A reported rate that would have to be summed.
    ReportedRollUp { indicator: String, tier: String } "reported-roll-up"
        "`{indicator}` is known only as a reported figure and cannot be rolled up to tier {tier}" => "supply its numerator and denominator: a rate of a larger area is the ratio of sums, never a mean of rates";
    /// A reported figure of a month that would have to be put together with others.
    ReportedOverTime { indicator: String, period: String } "reported-over-time"
        "`{indicator}` is known only as a reported figure and cannot be put together to {period}" => "supply its numerator and denominator, or the figure of the whole period";
    /// A reported figure that its own parts contradict.
    ReportedDiffers { indicator: String, reported: String, computed: String } "reported-differs"
        "`{indicator}` is reported as {reported}, but also known as {computed}" => "the second was used; check the source";
    /// Schools or areas that have what is spread, but nothing to spread it over.
    WithoutWeight { indicator: String, area: String, units: u64 } "without-weight"
        "`{indicator}` of area {area} leaves out units that have no weight: {units}" => "check their rows: books without pupils have no ratio";
    /// Schools that a standard leaves out, which the table does not tell from the others.
    SchoolsNotTold { standard: String, condition: String, column: String } "schools-not-told"
        "`{standard}` counts only schools where {condition}, and the table has no column `{column}`: all were counted" => "add the column, or take the schools that do not count out of the table";
    /// Months that a longer period is not made of.
    MissingMonths { area: String, period: String, absent: String } "missing-months"
        "area {area} lacks months of {period}: {absent}" => "supply them, or a row of the whole period; what adds up over months is partial without them";
    /// What was done in one month, held against the target of the year.
    MonthOfTarget { indicator: String, period: String, target: String } "month-of-target"
        "`{indicator}` of the month {period} is not what was done of the target of {target} so far" => "ask for year-to-date, which adds up the months from January on, or give targets of months";
    /// A series across a change of definition.
    DefinitionBreak { indicator: String, until: String } "definition-break"
        "`{indicator}` is defined otherwise until {until}" => "do not compare figures before and after; `zhibiao explain` tells both definitions";
    /// A target, part or row that the strict mode refuses.
    Rejected { findings: usize } "rejected"
        "{findings} findings in strict mode" => "correct them, or run without strict to see all other areas";
    /// A neighbor that overlaps the area, or another of its neighbors.
    OverlappingNeighbor { area: String, neighbor: String, other: String } "overlapping-neighbor"
        "the neighbor `{neighbor}` of `{area}` overlaps `{other}`" => "leave one of both out: no area counts twice, or is compared with itself";

    [Check]
    /// An area that its parts do not make.
    ParentDiffers { what: String, given: String, parts: String, sum: String } "parent-differs"
        "{what} is {given}, but {parts} add up to {sum}" => "correct the area or one of its parts; what belongs to no part needs a row of its own";
    /// A total row that its parts do not make.
    TotalDiffers { what: String, given: String, parts: String, sum: String } "total-differs"
        "the total of {what} is {given}, but {parts} add up to {sum}" => "correct the total or one of the rows it totals";
    /// A part larger than its whole.
    PartExceedsWhole { part: String, given: String, whole: String, other: String } "part-exceeds-whole"
        "`{part}` is {given}, but `{whole}`, of which it is a part, is {other}" => "correct the one or the other; check that the columns are not exchanged";
    /// A share in a report that its parts do not give.
    ShareDiffers { said: String, part: String, whole: String, computed: String } "share-differs"
        "{said} is said, but {part} of {whole} is {computed}" => "correct the share or one of its parts, or say of what it is a share";
    /// Parts in a report that do not make their whole.
    PartsDiffer { said: String, parts: String, sum: String } "parts-differ"
        "{said} is said, but its parts {parts} add up to {sum}" => "correct the whole or one of its parts; say so where parts overlap";
    /// A change in a report that its levels do not give.
    ChangeDiffers { said: String, from: String, to: String, computed: String } "change-differs"
        "a change of {said} is said, but from {from} to {to} it is {computed}" => "correct the change or one of the levels";
    /// A difference of percentages that is told in per cent.
    PercentForPoints { said: String, from: String, to: String, points: String } "percent-for-points"
        "a change of {said} is said, but from {from} to {to} it is {points}" => "write 个百分点; a change in per cent is relative to the earlier level";
    /// One thing with two figures in a report.
    FiguresDiffer { subject: String, first: String, second: String, line: usize } "figures-differ"
        "{subject} is {second}, but {first} on line {line}" => "correct the one or the other, or say how they differ";
    /// An amount per head in a report that amount and heads do not give.
    PerHeadDiffers { said: String, amount: String, heads: String, computed: String } "per-head-differs"
        "{said} a head is said, but {amount} for {heads} is {computed}" => "correct one of the three";
    /// A figure in a report that a table contradicts.
    TextDiffers { id: String, said: String, known: String, label: String } "text-differs"
        "`{id}` is {said} in the text, but {known} in {label}" => "correct the one or the other; check period and definition";
    /// A column that its formula does not give.
    DefineDiffers { measure: String, given: String, formula: String, computed: String } "define-differs"
        "`{measure}` is {given}, but `{formula}` gives {computed}" => "correct the column or what it is made of; the column is what indicators use";
    /// A value off by a power of ten.
    UnitSlip { what: String, given: String, times: String, usual: String, hint: String } "unit-slip"
        "{what} is {given}, about {times}, {usual}: {hint}?" => "check the unit of the figure and its digits; leave it if it is true";
    /// A value that a standard of plausibility does not allow.
    Implausible { indicator: String, given: String, threshold: String, standard: String, source: String } "implausible"
        "`{indicator}` is {given}, but `{standard}` allows {threshold} ({source})" => "check the figure, its unit and its period; leave it if it is true";
    /// The values of one column in another, in other rows.
    PermutedValues { column: String, other: String, rows: usize } "permuted-values"
        "{column} has the {rows} values of {other}, in other rows" => "compare both with their source: the rows of one of them are out of order";
    /// The values of one period in another.
    RepeatedValues { column: String, other: String, rows: usize } "repeated-values"
        "{column} has the {rows} values of {other}, in the same rows" => "compare both with their source: one of them may be a copy";
    /// Two codes of one name.
    DuplicateName { name: String, other: String } "duplicate-name"
        "{name} is also the name of {other}" => "correct the code or the name; if they are one place, give it one code";
    /// A code of a zone.
    Zone { code: String } "zone"
        "area code `{code}` is of a development zone, which the area table does not have" => "nothing, if it is meant: what it has counts towards its parent";

    [Request]
    /// Nothing was asked for.
    NothingAsked {} "nothing-asked"
        "no indicator was asked for" => "name at least one indicator; `zhibiao list` shows them";
    /// An option outside its range.
    BadOption { option: String, value: String, wanted: String } "bad-option"
        "`{value}` is not a valid {option}" => "use {wanted}";
    /// A confidence level that is no fraction.
    BadLevel { value: String, meant: String } "bad-level"
        "`{value}` is no confidence level" => "give a fraction strictly between 0 and 1, such as {meant}";
    /// A scheme that scores what a table does not have.
    LacksIndicators { scheme: String, indicators: String } "lacks-indicators"
        "the table lacks what `{scheme}` scores by: {indicators}" => "ask for the indicators of the scheme when the table is computed";
    /// A run that was asked to stop.
    Cancelled {} "cancelled"
        "the run was cancelled" => "start it again";
    /// A stream that had to be read again and came out otherwise.
    StreamNotRepeatable { first: usize, again: usize } "stream-not-repeatable"
        "rows of the stream contradict each other, and a second reading gave other rows: {again}, {first} before" => "give a stream that can be opened twice, collect the table first, or declare it as `records`";
    /// JSON that is no log of a run.
    BadLog { reason: String } "bad-log"
        "the log cannot be read: {reason}" => "give the file that `compute --log` wrote, unchanged";
    /// Something that is not what the log of a run says.
    LogDiffers { what: String, logged: String, here: String } "log-differs"
        "{what} is not that of the log: {here} here, {logged} there" => "replay with the version, catalogue, areas and files that the log names";
    /// An output file that cannot be written.
    UnwritableFile { reason: String } "unwritable-file"
        "the file cannot be written: {reason}" => "check the folder and its permissions";
    /// More rows than a sheet of a workbook has.
    SheetTooLong { rows: usize, most: usize } "sheet-too-long"
        "a sheet would have {rows} rows of figures, more than the {most} that a workbook holds" => "write CSV or Parquet, or ask for fewer areas, periods or indicators";
    /// Text of a CSV file that a spreadsheet would take for a formula.
    FormulaText { cells: usize, first: String } "formula-text"
        "cells of text that begin as a formula does: {cells}, the first is `{first}`" => "an apostrophe was written before each, so that no spreadsheet runs them; correct the names in their source";
}

/// Where a problem stands.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Place {
    /// In the request itself, or not known.
    #[default]
    Nowhere,
    /// In a text file such as the catalogue.
    Text {
        /// File as it was named.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
    /// In a table.
    Cell {
        /// File as it was named, if the table came from one.
        file: Option<String>,
        /// Sheet of a workbook.
        sheet: Option<String>,
        /// Row in the file as a spreadsheet counts it: the header is row 1.
        row: Option<u64>,
        /// Header of the column.
        column: Option<String>,
    },
    /// In rows of a table that does not number them.
    Rows {
        /// Name of the table.
        table: String,
        /// Header of the column.
        column: String,
        /// How many rows.
        rows: u64,
    },
}

impl Place {
    /// A file as a whole.
    #[must_use]
    pub fn file(path: impl AsRef<std::path::Path>) -> Self {
        let file = Some(path.as_ref().display().to_string());
        Self::Cell { file, sheet: None, row: None, column: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => Ok(()),
            Self::Text { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::Rows { table, column, rows } => {
                let s = if *rows == 1 { "" } else { "s" };
                write!(f, "{table}, column {column}, {rows} row{s}")
            }
            Self::Cell { file, sheet, row, column } => {
                let parts = [
                    file.clone(),
                    sheet.as_ref().map(|sheet| format!("sheet {sheet}")),
                    row.map(|row| format!("row {row}")),
                    column.as_ref().map(|column| format!("column {column}")),
                ];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                write!(f, "{}", parts.join(", "))
            }
        }
    }
}

/// A [`Problem`] and its [`Place`]: the error of this crate, and its finding.
///
/// `Display` gives place, message and remedy on one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Inner {
    problem: Problem,
    place: Place,
    others: Vec<Error>,
}

impl Error {
    /// Joins a problem and its place.
    #[must_use]
    pub fn new(problem: Problem, place: Place) -> Self {
        Self(Box::new(Inner { problem, place, others: Vec::new() }))
    }

    /// One error out of several, of which the first is told in full.
    ///
    /// Returns `None` when there is none.
    #[must_use]
    pub fn first_of(errors: Vec<Self>) -> Option<Self> {
        let mut errors = errors.into_iter();
        let mut first = errors.next()?;
        first.0.others.extend(errors);
        Some(first)
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// The errors found beside this one.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.0.others
    }

    /// Stable name of the problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.problem.code()
    }

    /// The same error, with others found beside it.
    #[must_use]
    pub(crate) fn beside(mut self, others: impl IntoIterator<Item = Self>) -> Self {
        self.0.others.extend(others);
        self
    }

    /// The same error at a place, unless it has one already; in its file, unless it tells one.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        match (&mut self.0.place, place) {
            (Place::Nowhere, place) => self.0.place = place,
            (
                Place::Cell { file: file @ None, sheet, .. },
                Place::Cell { file: given, sheet: on, .. },
            ) => {
                *file = given;
                *sheet = sheet.take().or(on);
            }
            _ => {}
        }
        self
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::new(problem, Place::Nowhere)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.0.place.to_string();
        if !place.is_empty() {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}; {}", self.0.problem, self.0.problem.remedy())
    }
}

impl std::error::Error for Error {}

/// The value that a word stands for as an option.
pub(crate) fn one_of<T: Copy>(option: &str, word: &str, values: &[(&str, T)]) -> Result<T> {
    let found = values.iter().find(|(known, _)| *known == word);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let wanted: Vec<&str> = values.iter().map(|(known, _)| *known).collect();
        let (option, value, wanted) = (option.to_owned(), word.to_owned(), wanted.join(", "));
        Problem::BadOption { option, value, wanted }.into()
    })
}

/// The candidates nearest to a word, for messages: at most five, joined by commas.
///
/// Nearest is what shares the longest piece with the word, then what needs the fewest edits.
pub(crate) fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let mut ranked: Vec<(usize, usize, &str)> = candidates
        .into_iter()
        .map(|candidate| {
            let (shared, edits) = compare(word, candidate);
            (usize::MAX.saturating_sub(shared), edits, candidate)
        })
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    let names: Vec<&str> = ranked.into_iter().take(5).map(|(_, _, name)| name).collect();
    names.join(", ")
}

/// Length of the longest piece that both words have, and edit distance, in characters.
fn compare(word: &str, candidate: &str) -> (usize, usize) {
    let target: Vec<char> = candidate.chars().collect();
    let mut edits: Vec<usize> = (0..=target.len()).collect();
    let mut pieces = vec![0_usize; target.len().saturating_add(1)];
    let mut longest = 0;
    for (row, from) in word.chars().enumerate() {
        let (mut edit_corner, mut piece_corner) = (row, 0_usize);
        let mut left = row.saturating_add(1);
        if let Some(first) = edits.first_mut() {
            *first = left;
        }
        let cells = edits.iter_mut().zip(&mut pieces).skip(1).zip(&target);
        for ((edit, piece), to) in cells {
            let same = from == *to;
            let substituted = edit_corner.saturating_add(usize::from(!same));
            edit_corner = *edit;
            left = substituted.min(edit_corner.saturating_add(1)).min(left.saturating_add(1));
            *edit = left;
            let extended = if same { piece_corner.saturating_add(1) } else { 0 };
            piece_corner = *piece;
            *piece = extended;
            longest = extended.max(longest);
        }
    }
    (longest, edits.last().copied().unwrap_or(usize::MAX))
}
